import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { eventually } from './exporter.ts'
import { freePort } from './prometheus.ts'

const run = promisify(execFile)

const SUPERUSER = 'postgres'
/** The server refuses to run as root; then it runs as this user and group of every Linux. */
const NOBODY = 65534

export interface Postgres {
  /** With user and password. */
  readonly url: string
  readonly port: number
  readonly password: string
  /** Where its data are; made for it and removed by `stop`. */
  readonly folder: string
  /** What a query answers: a line per row, columns between `|`. Rejects with what the server said. */
  psql(sql: string): Promise<string>
  /** Kills the server at once (-9). Its data stay. */
  kill(): Promise<void>
  /** Starts the server again on the same port and data, ending it first where it still runs. */
  restart(): Promise<void>
  /** Ends the server and removes its data. */
  stop(): Promise<void>
}

export interface PostgresSettings {
  /** Of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>
  /** Files put into its data folder, such as certificates, by name. */
  readonly files?: Readonly<Record<string, string>>
}

/**
 * Whether a PostgreSQL server is installed. With `CI=true` it has to be. Elsewhere a test that needs it is left out,
 * which is said once: `describe.skipIf(!hasPostgres())`.
 */
export function hasPostgres(): boolean {
  if (binaries() !== null) return true
  if (process.env['CI'] === 'true') throw new Error('PostgreSQL is not installed, and CI must run every test')
  console.warn('left out: PostgreSQL is not installed')
  return false
}

let schemas = 0

/** A name of a schema that no other test of the file has. */
export function freshSchema(): string {
  schemas += 1
  return `test_${schemas}`
}

/** Makes a new cluster in a temporary folder and starts it on a free port of the loopback interface. */
export async function startPostgres({ settings = {}, files = {} }: PostgresSettings = {}): Promise<Postgres> {
  const programs = binaries()
  if (programs === null) throw new Error('PostgreSQL is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'claude-usage-pg-'))
  const data = join(folder, 'data')
  const password = `tell-nobody-${Math.random().toString(36).slice(2)}`
  own(folder)
  put(join(folder, 'password'), password)
  const [initdb, ...rest] = asUser(join(programs, 'initdb'), [
    `--pgdata=${data}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${join(folder, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ])
  await run(initdb, rest, { cwd: folder })
  for (const [name, text] of Object.entries(files)) put(join(data, name), text)
  const port = await freePort()
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    // Nothing of a test has to outlive a power cut; a server that is killed loses nothing by this.
    fsync: 'off',
    full_page_writes: 'off',
    shared_buffers: '32MB',
    ...settings,
  }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = { process: null as ChildProcess | null }
  const url = `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`

  const psql = async (sql: string) => {
    const { stdout } = await run(
      join(programs, 'psql'),
      [
        ...[
          '-qAtX',
          '-v',
          'ON_ERROR_STOP=1',
          '-h',
          folder,
          '-p',
          String(port),
          '-U',
          SUPERUSER,
          '-d',
          'postgres',
          '-c',
          sql,
        ],
      ],
      { env: { ...process.env, PGPASSWORD: password, PGCONNECT_TIMEOUT: '5' }, maxBuffer: 1 << 28 },
    )
    return stdout.trimEnd()
  }
  const end = async (signal: NodeJS.Signals) => {
    const child = server.process
    server.process = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  const start = async () => {
    await end('SIGQUIT')
    // What the backends of a killed server still hold keeps a new one from starting for a moment.
    await eventually('PostgreSQL', async () => {
      const [program, ...args] = asUser(join(programs, 'postgres'), ['-D', data, ...flags])
      const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
      child.stderr?.resume()
      const ended = once(child, 'exit').then(() => false)
      const ready = async () => {
        while (child.exitCode === null && child.signalCode === null) {
          if (
            await psql('SELECT 1').then(
              () => true,
              () => false,
            )
          )
            return true
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
        return false
      }
      if (!(await Promise.race([ended, ready()]))) return null
      server.process = child
      return true
    })
  }
  await start()
  return {
    url,
    port,
    password,
    folder,
    psql,
    kill: () => end('SIGKILL'),
    restart: start,
    async stop() {
      await end('SIGQUIT')
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

/** The folder of the newest installed server's programs, null where there is none. */
function binaries(): string | null {
  const versioned = '/usr/lib/postgresql'
  const versions = list(versioned).sort((a, b) => Number(b) - Number(a))
  const folders = [
    ...versions.map((version) => join(versioned, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  const has = (folder: string) => ['initdb', 'postgres', 'psql'].every((program) => list(folder).includes(program))
  return folders.find(has) ?? null
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const isRoot = process.getuid?.() === 0

/** The server ends with the test, also where that is killed. */
function asUser(program: string, args: readonly string[]): [string, ...string[]] {
  if (!isRoot) return [program, ...args]
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--pdeathsig=KILL']
  return ['setpriv', ...user, program, ...args]
}

function put(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 })
  own(path)
}

function own(path: string): void {
  if (isRoot) chownSync(path, NOBODY, NOBODY)
}
