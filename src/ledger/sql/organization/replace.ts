import type { BucketReport } from '../../../core/organization.ts'
import { NO_CHANGES, type RowChanges } from '../../../core/sync-run.ts'
import { DAY_MS } from '../../../core/time.ts'
import { LedgerError } from '../../ledger.ts'
import type { Window } from '../../organization.ts'
import type { Rows } from '../store.ts'

/** A row of the ledger, as far as it takes to tell whether it came back the same. */
export interface StoredRow {
  /** Bucket and label set. */
  readonly key: string
  /** Everything else of the row, to be compared. */
  readonly content: string
  /** Epoch milliseconds. */
  readonly start: number
  readonly width: number
  readonly generation: string | null
}

/** The rows of one report within one window. */
export interface RowStore<Row, Stored extends StoredRow = StoredRow> {
  readonly report: BucketReport
  readonly table: string
  stored(): Promise<readonly Stored[]>
  key(row: Row): string
  content(row: Row): string
  /** In few statements, however many there are. */
  write(changes: readonly RowChange<Row, Stored>[]): Promise<void>
  remove(gone: readonly Stored[]): Promise<void>
}

export interface RowChange<Row, Stored> {
  readonly row: Row
  /** What it takes the place of, if anything. */
  readonly old: Stored | undefined
}

/** A window without its rows. */
export type Frame = Omit<Window<unknown>, 'rows'>

/** Throws RangeError for a window that is not made of whole buckets, or whose rows lie outside of it. */
export function checkWindow({ from, to, widthMs, rows }: Window<{ readonly start: number }>): void {
  const seen = `from ${from} to ${to}, buckets of ${widthMs} ms`
  if (!Number.isSafeInteger(widthMs) || widthMs <= 0 || DAY_MS % widthMs !== 0) {
    throw new RangeError(`A bucket must be a whole part of a day: ${seen}`)
  }
  if (from % widthMs !== 0 || to % widthMs !== 0 || from > to) {
    throw new RangeError(`A window must be made of whole buckets: ${seen}`)
  }
  for (const { start } of rows) {
    if (start < from || start >= to || start % widthMs !== 0) {
      throw new RangeError(`A row must belong to a bucket of its window: it begins at ${start}, the window is ${seen}`)
    }
  }
}

/** Makes the stored rows of the window those that came back. Tells what that did. */
export async function replaceRows<Row, Stored extends StoredRow>(
  rows: Rows,
  window: Window<Row>,
  store: RowStore<Row, Stored>,
): Promise<RowChanges> {
  await refuseStraddling(rows, store.table, window)
  const stored = new Map((await store.stored()).map((row) => [row.key, row]))
  const seen = new Set<string>()
  const counts = { ...NO_CHANGES, fetched: window.rows.length }
  const changes: RowChange<Row, Stored>[] = []
  for (const row of window.rows) {
    const key = store.key(row)
    if (seen.has(key)) throw new LedgerError('other', `${store.report}: two rows of one bucket and label set: ${key}`)
    seen.add(key)
    const old = stored.get(key)
    if (old !== undefined && old.content === store.content(row)) {
      counts.unchanged += 1
      continue
    }
    changes.push({ row, old })
    if (old === undefined) counts.added += 1
    else counts.changed += 1
  }
  const gone = [...stored.values()].filter((old) => !seen.has(old.key) && !mayComeLater(old, window))
  await store.write(changes)
  await store.remove(gone)
  return { ...counts, removed: gone.length }
}

/** In a bucket that has begun, a row that was seen and does not come back was taken back. */
function mayComeLater(row: StoredRow, { completeTo, generation, widthMs }: Frame): boolean {
  return row.start >= completeTo && row.generation === generation && row.width === widthMs
}

async function refuseStraddling(rows: Rows, table: string, { organization, from, to }: Frame): Promise<void> {
  for (const end of [from, to]) {
    const bucket = await bucketAcross(rows, table, { organization, at: end })
    if (bucket === null) continue
    throw new LedgerError(
      'conflict',
      `${table}: the stored bucket ${iso(bucket.start)} to ${iso(bucket.end)} lies across ${iso(end)}, an end of the window; widen it`,
    )
  }
}

export interface Bucket {
  readonly start: number
  readonly end: number
}

/** The stored bucket that begins before an instant and ends after it, if any. */
export async function bucketAcross(
  rows: Rows,
  table: string,
  { organization, at }: { readonly organization: string; readonly at: number },
): Promise<Bucket | null> {
  const row = await rows.one(
    `SELECT MIN(start), MAX(start + width) FROM ${table}
     WHERE organization = ? AND start > ? AND start < ? AND start + width > ?`,
    organization,
    at - DAY_MS,
    at,
    at,
  )
  const [start, end] = row ?? []
  return start === null || start === undefined ? null : { start: Number(start), end: Number(end) }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
