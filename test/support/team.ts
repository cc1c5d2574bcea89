import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { claudeLine } from './claude-line.ts'
import { eventually, startExporter } from './exporter.ts'
import { startPostgres } from './postgres.ts'

const MACHINES = ['laptop', 'server']
/** All on one database, and no network but the loopback. */
const FLAGS = ['--tail.quiet-time=0s', '--metrics.zero-first=0s']

export interface RunningTeam {
  /** `host:port` of the exporter that shows what the machines have stored. */
  readonly address: string
  end(): Promise<void>
}

/**
 * Two machines that have stored their logs in one PostgreSQL, and an exporter that reads no logs itself. Everything goes
 * below the folder. Its series of sessions have no machine.
 */
export async function startTeam(folder: string): Promise<RunningTeam> {
  const server = await startPostgres()
  const env = { CLAUDE_USAGE_EXPORTER_STORAGE_URL: server.url }
  try {
    for (const name of MACHINES) await ingestOnce(join(folder, name), name, env)
    const home = join(folder, 'central')
    mkdirSync(home, { recursive: true })
    const flags = ['--sources=none', '--machine.name=central', '--metrics.machine-label=never', ...FLAGS]
    const exporter = await startExporter({ home, storage: join(home, 'data'), flags, env })
    await eventually('what the machines have stored', async () => await exporter.scrape())
    return {
      address: new URL(exporter.url).host,
      async end() {
        await exporter.kill('SIGTERM')
        await server.stop()
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function ingestOnce(home: string, name: string, env: Readonly<Record<string, string>>): Promise<void> {
  const logs = join(home, '.claude', 'projects', '-src-shop')
  mkdirSync(logs, { recursive: true })
  const time = Date.now() - 60_000
  writeFileSync(join(logs, `${name}.jsonl`), claudeLine({ id: name, session: name, time, input: 3, output: 5 }))
  await promisify(execFile)(
    process.execPath,
    ['dist/main.js', 'sync', `--machine.name=${name}`, `--storage.path=${join(home, 'data')}`, ...FLAGS],
    { env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', ...env } },
  )
}
