import { execFileSync } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { OperatorError } from '../src/core/errors.ts'
import { stopAll } from './lib/child.ts'
import { mebibytes } from './lib/statistics.ts'
import { measureCentral } from './team/central.ts'
import { startCluster } from './team/cluster.ts'
import { appendAtOnce } from './team/machines.ts'

const USAGE = `Measures a team's ledger on a PostgreSQL server that is made for it and removed afterwards.

  npm run bench:team [-- options]

  --only LIST          machines, central (default: both)
  --machines N         machines that append at once (default 50)
  --lines N            log lines over all machines (default 200000)
  --overlap SHARE      share of a machine's lines that another has, too (default 0.2)
  --processes N        processes the machines are in (default 5)
  --responses LIST     sizes of the ledger of a central instance (default 1000000,10000000)
`
const PARTS = ['machines', 'central'] as const

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: PARTS.join(',') },
    machines: { type: 'string', default: '50' },
    lines: { type: 'string', default: '200000' },
    overlap: { type: 'string', default: '0.2' },
    processes: { type: 'string', default: '5' },
    responses: { type: 'string', default: '1000000,10000000' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) console.log(USAGE)
else await main()

async function main(): Promise<void> {
  const chosen = values.only.split(',')
  const unknown = chosen.filter((name) => !PARTS.some((part) => part === name))
  if (unknown.length > 0) {
    throw new OperatorError('There is no such measurement', { seen: unknown, fix: `Choose from ${PARTS.join(', ')}.` })
  }
  execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url)), '--if-needed'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  console.log(systemText())
  if (chosen.includes('machines')) await measureMachines()
  if (!chosen.includes('central')) return
  for (const responses of values.responses.split(',').map(Number)) {
    await onCluster(async (server) => {
      print(`A central instance over ${responses} responses`, await measureCentral(server, { responses, note }))
    })
  }
}

async function measureMachines(): Promise<void> {
  const machines = Number(values.machines)
  const shape = {
    machines,
    linesPerMachine: Math.round(Number(values.lines) / machines),
    overlap: Number(values.overlap),
    nowMs: Date.now(),
  }
  await onCluster(async (server) => {
    const lines = await appendAtOnce(server, { shape, processes: Number(values.processes), note })
    print(`${machines} machines on one database`, lines)
  })
}

async function onCluster(work: (server: Awaited<ReturnType<typeof startCluster>>) => Promise<void>): Promise<void> {
  const server = await startCluster()
  const giveUp = () => void Promise.all([stopAll(), server.stop()]).finally(() => process.exit(1))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, giveUp)
  try {
    await work(server)
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, giveUp)
    await stopAll()
    await server.stop()
  }
}

function print(head: string, lines: readonly string[]): void {
  console.log(`\n${head}\n${lines.map((line) => `  ${line}`).join('\n')}`)
}

function note(text: string): void {
  console.error(`  ... ${text}`)
}

/** A machine that others use at the same time measures longer times. */
function systemText(): string {
  const processors = cpus()
  const model = processors[0]?.model ?? 'unknown processor'
  return `Node.js ${process.version}, ${processors.length} x ${model}, ${mebibytes(totalmem())}, load average ${loadavg()[0]?.toFixed(1)} at the start`
}
