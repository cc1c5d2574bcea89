import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { OperatorError } from '../src/core/errors.ts'
import { parseByteSize } from '../src/lib/byte-size.ts'
import { stopAll } from './lib/child.ts'
import { Lab } from './lib/lab.ts'
import { formatRows, type Row } from './lib/row.ts'
import { append } from './rows/append.ts'
import { firstLoad, millionResponses } from './rows/first-load.ts'
import { idle } from './rows/idle.ts'
import { reports } from './rows/reports.ts'
import { restart } from './rows/restart.ts'
import { scrape } from './rows/scrape.ts'
import { serveFirstLoad } from './rows/serve.ts'

const USAGE = `Measures the exporter against its limits and against ccusage, on made-up logs.

  npm run bench [-- options]

  --only LIST    some of: first-load, serve, append, scrape, million, restart, reports, idle
  --size SIZE    size of the logs of a first load (default 1GB)
  --large SIZE   size of the logs for peak memory (default 4GB; 0 leaves it out)
  --runs N       how often each side of a comparison is run (default 3)
  --trees DIR    keep the made-up logs there and use them again
  --now TIME     the logs end then (default: the last midnight, UTC)
  --json FILE    write every single measurement
`
const BENCHES = {
  'first-load': firstLoad,
  serve: serveFirstLoad,
  append,
  scrape,
  million: millionResponses,
  restart,
  reports,
  idle,
} as const
const DAY_MS = 24 * 60 * 60 * 1000

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    size: { type: 'string', default: '1GB' },
    large: { type: 'string', default: '4GB' },
    runs: { type: 'string', default: '3' },
    trees: { type: 'string' },
    now: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) console.log(USAGE)
else process.exitCode = await main()

/** Exit code 0: all limits met; 1: some not, or wrong totals. */
async function main(): Promise<number> {
  const chosen = chooseBenches(values.only)
  execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url)), '--if-needed'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const system = describeSystem()
  const lab = await Lab.open({
    treeFolder: values.trees === undefined ? null : resolve(values.trees),
    bytes: sizeOf(values.size),
    largeBytes: sizeOf(values.large),
    runs: Number(values.runs),
    nowMs: values.now === undefined ? Math.floor(Date.now() / DAY_MS) * DAY_MS : Date.parse(values.now),
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void giveUp(lab))
  try {
    const rows: Row[] = []
    for (const name of chosen) rows.push(...(await BENCHES[name](lab)))
    console.log(`${formatRows(rows)}\n${system}`)
    if (values.json !== undefined) {
      await writeFile(values.json, `${JSON.stringify({ system, rows }, null, 2)}\n`)
    }
    return rows.some(({ met }) => met === false) ? 1 : 0
  } finally {
    await stopAll()
    await lab.close()
  }
}

async function giveUp(lab: Lab): Promise<void> {
  await stopAll()
  await lab.close()
  process.exit(1)
}

function chooseBenches(only: string | undefined): (keyof typeof BENCHES)[] {
  const names = Object.keys(BENCHES) as (keyof typeof BENCHES)[]
  if (only === undefined) return names
  const wanted = only.split(',')
  const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name))
  if (unknown.length > 0) {
    throw new OperatorError('There is no such measurement', { seen: unknown, fix: `Choose from ${names.join(', ')}.` })
  }
  return names.filter((name) => wanted.includes(name))
}

function sizeOf(text: string): number {
  const bytes = parseByteSize(text)
  if (bytes === null) throw new OperatorError('The size is not a number of bytes', { seen: text, fix: 'Try 1GB.' })
  return bytes
}

/** A machine that others use at the same time measures longer times. */
function describeSystem(): string {
  const processors = cpus()
  const busy = `load average ${loadavg()[0]?.toFixed(1)} at the start`
  return `Node.js ${process.version}, ${process.platform} ${process.arch}, ${processors.length} x ${processors[0]?.model ?? 'unknown processor'}, ${busy}`
}
