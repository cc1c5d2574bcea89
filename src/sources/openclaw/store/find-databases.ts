import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { RootStatus } from '../../../core/status.ts'
import type { Billing } from '../../../core/usage.ts'
import type { LogRoot } from '../../files/format.ts'
import { label } from '../../lib/label.ts'
import { columnsOf, openDatabase, problemOf } from './open-database.ts'

/** A file that may be the store of one or more agents. */
export interface DatabaseFile {
  /** Real path. */
  readonly path: string
  readonly billing: Billing
  /** Agent by place or registration, for sessions whose key names none; `''` where unknown. */
  readonly agent: string
  /** True where OpenClaw itself names this file: then it has to be a store. */
  readonly isNamed: boolean
}

const STORE_NAME = 'openclaw-agent.sqlite'
const STORE_NEIGHBOUR = /^openclaw-agent.*\.sqlite$/
const REGISTRY = path.join('state', 'openclaw.sqlite')
const REGISTERED_LIMIT = 1000

/** Finds the databases of state folders: at their usual place, and wherever the registry says `session.store` put them. */
export class DatabaseFinder {
  /** Registered files by registry, kept while the registry does not change. */
  readonly #registered = new Map<string, { signature: string; files: readonly DatabaseFile[] }>()

  /** Every database once. `problems` names registries that cannot be read now. */
  async find(roots: readonly LogRoot[]): Promise<{ files: readonly DatabaseFile[]; problems: readonly RootStatus[] }> {
    const problems: RootStatus[] = []
    const named: DatabaseFile[] = []
    for (const root of roots) {
      named.push(...(await this.#registeredBelow(root, problems)), ...(await agentDatabases(root, problems)))
    }
    const byPath = new Map<string, DatabaseFile>()
    for (const file of [...named, ...(await neighbours(named, problems))]) {
      const real = await existingPath(file.path, problems)
      if (real !== null && !byPath.has(real)) byPath.set(real, { ...file, path: real })
    }
    return { files: [...byPath.values()], problems }
  }

  async #registeredBelow(root: LogRoot, problems: RootStatus[]): Promise<readonly DatabaseFile[]> {
    const registry = path.join(root.path, REGISTRY)
    const signature = await databaseSignature(registry)
    if (signature === null) return []
    const known = this.#registered.get(registry)
    if (known?.signature === signature) return known.files
    try {
      const files = readRegistry(registry, root)
      this.#registered.set(registry, { signature, files })
      return files
    } catch (error) {
      const { state, message } = problemOf(error)
      problems.push({ path: registry, state, problem: message })
      return known?.files ?? []
    }
  }
}

/** Changes whenever a database or its write-ahead log does; null where there is no such file. */
export async function databaseSignature(database: string): Promise<string | null> {
  const [main, log] = await Promise.all(
    [database, `${database}-wal`].map((file) => stat(file, { bigint: true }).catch(() => null)),
  )
  if (!main?.isFile()) return null
  return [main.ino, main.size, main.mtimeNs, log?.size ?? '', log?.mtimeNs ?? ''].join(':')
}

/** Paths in the table `agent_databases` are relative to the state folder when below it. */
function readRegistry(registry: string, root: LogRoot): readonly DatabaseFile[] {
  const database = openDatabase(registry)
  try {
    const columns = columnsOf(database, 'agent_databases')
    if (!columns.has('path') || !columns.has('agent_id')) return []
    const rows = database
      .prepare<[number], { agent: unknown; path: unknown }>(
        'SELECT agent_id AS agent, path FROM agent_databases LIMIT ?',
      )
      .all(REGISTERED_LIMIT)
    return rows.flatMap(({ agent, path: place }) =>
      typeof place === 'string' && place !== '' && !place.includes('\0')
        ? { path: path.resolve(root.path, place), billing: root.billing, agent: label(agent), isNamed: true }
        : [],
    )
  } finally {
    database.close()
  }
}

async function agentDatabases(root: LogRoot, problems: RootStatus[]): Promise<readonly DatabaseFile[]> {
  const agents = path.join(root.path, 'agents')
  return (await entriesOf(agents, problems)).map((agent) => ({
    path: path.join(agents, agent, 'agent', STORE_NAME),
    billing: root.billing,
    agent: label(agent),
    isNamed: true,
  }))
}

/** Databases of further agents beside those: `openclaw-agent.<agent>[.<n>].sqlite`. */
async function neighbours(files: readonly DatabaseFile[], problems: RootStatus[]): Promise<readonly DatabaseFile[]> {
  const billingOf = new Map(files.map((file) => [path.dirname(file.path), file.billing]))
  const found: DatabaseFile[] = []
  for (const [folder, billing] of billingOf) {
    const names = (await entriesOf(folder, problems)).filter((name) => STORE_NEIGHBOUR.test(name))
    found.push(...names.map((name) => ({ path: path.join(folder, name), billing, agent: '', isNamed: false })))
  }
  return found
}

/** The real path; null where no file is, which is normal for an agent that never ran or is gone. */
async function existingPath(file: string, problems: RootStatus[]): Promise<string | null> {
  try {
    const real = await realpath(file)
    return (await stat(real)).isFile() ? real : null
  } catch (error) {
    noteUnlessAbsent(file, error, problems)
    return null
  }
}

async function entriesOf(folder: string, problems: RootStatus[]): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    noteUnlessAbsent(folder, error, problems)
    return []
  }
}

function noteUnlessAbsent(path: string, error: unknown, problems: RootStatus[]): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  if (code !== 'ENOENT' && code !== 'ENOTDIR') {
    problems.push({ path, state: 'unreadable', problem: `This cannot be reached (${code}).` })
  }
}
