import type { SourceName } from '../../core/usage.ts'
import type { HeldSelection } from '../ledger.ts'
import { chunksOf, marksOf } from './chunks.ts'
import { bound, toNumberOrNull } from './integer.ts'
import type { Db, Rows } from './store.ts'

/** Meta entry of the roots that a machine has loaded. */
export function loadedRootsName(machineId: number, source: string): string {
  return `roots:${machineId}:${source}`
}

/** The same in a ledger that knows of no machines. */
export const OLD_LOADED_ROOTS = /^roots:([^:]+)$/

export async function readLoadedRoots(rows: Rows, machineId: number, source: SourceName): Promise<string[]> {
  const name = (await knowsMachines(rows)) ? loadedRootsName(machineId, source) : `roots:${source}`
  const value = (await rows.one('SELECT value FROM meta WHERE name = ?', name))?.[0]
  return value === undefined ? [] : (JSON.parse(String(value)) as string[])
}

export async function saveLoadedRoots(
  db: Db,
  machineId: number,
  source: SourceName,
  roots: readonly string[],
): Promise<void> {
  await db.run(
    'INSERT INTO meta(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value',
    loadedRootsName(machineId, source),
    JSON.stringify(roots),
  )
}

export interface StoredStream {
  readonly stream: string
  readonly path: string
  readonly cursor: string
}

export async function readStreams(rows: Rows, machineId: number, source: SourceName): Promise<StoredStream[]> {
  const { condition, parameters } = await ofMachine(rows, 'stream', machineId)
  const found = await rows.all(
    `SELECT stream, path, cursor FROM stream WHERE source = ?${condition}`,
    source,
    ...parameters,
  )
  return found.map(([stream, path, cursor]) => ({
    stream: String(stream),
    path: String(path),
    cursor: String(cursor),
  }))
}

/** On any machine. */
export async function readLastStored(rows: Rows): Promise<number | null> {
  return toNumberOrNull((await rows.one('SELECT MAX(updated_at) FROM stream'))?.[0])
}

export async function markGone(
  db: Db,
  machineId: number,
  source: SourceName,
  streams: readonly string[],
  now: number,
): Promise<void> {
  for (const chunk of chunksOf(streams)) {
    await db.run(
      `UPDATE stream SET gone_at = ? WHERE machine_id = ? AND source = ? AND stream IN (${marksOf(chunk)})
       AND gone_at IS NULL`,
      now,
      machineId,
      source,
      ...chunk,
    )
  }
}

/** Of all machines. */
export async function readHeldCount(rows: Rows): Promise<number> {
  return Number((await rows.one('SELECT CAST(COUNT(*) AS BIGINT) FROM held'))?.[0] ?? 0)
}

export async function readHeldStreams(rows: Rows, machineId: number, source: SourceName): Promise<string[]> {
  const { condition, parameters } = await ofMachine(rows, 'held', machineId)
  const found = await rows.all(`SELECT DISTINCT stream FROM held WHERE source = ?${condition}`, source, ...parameters)
  return found.map(([stream]) => String(stream))
}

/** Keys of what is held for the machine that the selection names; in the order in which everybody locks rows. */
export async function heldKeys(
  db: Db,
  machineId: number,
  { heldBefore, writtenBefore, streams }: HeldSelection,
): Promise<Buffer[]> {
  const keys: Buffer[] = []
  const collect = async (where: string, ...parameters: unknown[]) => {
    const found = await db.all(`SELECT key FROM held WHERE machine_id = ? AND ${where}`, machineId, ...parameters)
    for (const [key] of found) keys.push(key as Buffer)
  }
  if (heldBefore !== undefined) await collect('since < ?', bound(heldBefore))
  if (writtenBefore !== undefined) await collect('line_at < ?', bound(writtenBefore))
  for (const chunk of chunksOf(streams?.ids ?? [])) {
    await collect(`source = ? AND stream IN (${marksOf(chunk)})`, streams?.source, ...chunk)
  }
  return keys.sort((a, b) => a.compare(b)).filter((key, index) => index === 0 || !key.equals(keys[index - 1] ?? key))
}

async function ofMachine(rows: Rows, table: 'stream' | 'held', machineId: number) {
  return (await rows.hasColumn(table, 'machine_id'))
    ? { condition: ' AND machine_id = ?', parameters: [machineId] }
    : { condition: '', parameters: [] }
}

/** False for a ledger that an earlier version wrote, opened beside it. */
function knowsMachines(rows: Rows): Promise<boolean> {
  return rows.hasTable('machine')
}
