import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { claudeLine } from './claude-line.ts'
import { eventually, startExporter } from './exporter.ts'
import { startPostgres } from './postgres.ts'

const MACHINES = ['laptop', 'server']
/** Responses count as soon as they are read. */
const FLAGS = ['--tail.quiet-time=0s', '--metrics.zero-first=0s']

/** A machine tells once a minute how it is. */
const WAIT_MS = 180_000

export interface RunningTeam {
  /** `host:port` of the exporter that shows what the machines have stored. */
  readonly address: string
  end(): Promise<void>
}

/**
 * Two machines that store their logs in one PostgreSQL, and an exporter that reads no logs itself. Everything goes
 * below the folder. Its series of sessions have no machine.
 */
export async function startTeam(folder: string): Promise<RunningTeam> {
  const server = await startPostgres()
  const env = { CLAUDE_USAGE_EXPORTER_STORAGE_URL: server.url }
  const ends: (() => Promise<void>)[] = [server.stop]
  const end = async () => {
    for (const each of ends.splice(0).reverse()) await each()
  }
  try {
    const home = join(folder, 'central')
    mkdirSync(home, { recursive: true })
    const flags = ['--sources=none', '--machine.name=central', '--metrics.machine-label=never', ...FLAGS]
    const central = await startExporter({ home, storage: join(home, 'data'), flags, env })
    ends.push(() => central.kill('SIGTERM'))
    for (const name of MACHINES) {
      const ingester = startIngester(join(folder, name), name, env)
      ends.push(() => ended(ingester))
    }
    await eventually(
      'what the machines have stored',
      async () => {
        const names = [...((await central.scrape())?.keys() ?? [])]
        const of = (family: string) =>
          names.filter((name) => name.startsWith(`claude_exporter_machine_${family}`)).length
        return of('newest_response') === MACHINES.length && of('last_read') === MACHINES.length ? true : null
      },
      WAIT_MS,
    )
    return { address: new URL(central.url).host, end }
  } catch (error) {
    await end()
    throw error
  }
}

/** Starts `ingest` on a machine with one response in its logs. */
function startIngester(home: string, name: string, env: Readonly<Record<string, string>>): ChildProcess {
  const logs = join(home, '.claude', 'projects', '-src-shop')
  mkdirSync(logs, { recursive: true })
  const time = Date.now() - 60_000
  writeFileSync(join(logs, `${name}.jsonl`), claudeLine({ id: name, session: name, time, input: 3, output: 5 }))
  return spawn(
    process.execPath,
    ['dist/main.js', 'ingest', `--machine.name=${name}`, `--storage.path=${join(home, 'data')}`, ...FLAGS],
    { env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', ...env }, stdio: 'ignore' },
  )
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}
