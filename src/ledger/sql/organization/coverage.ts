import type { BucketReport, Generation } from '../../../core/organization.ts'
import { DAY_MS } from '../../../core/time.ts'
import { LedgerError } from '../../ledger.ts'
import type { CoveredDay } from '../../organization.ts'
import { chunksOf, marksOf, rowChunks, rowMarks } from '../chunks.ts'
import type { Db, Rows } from '../store.ts'
import type { Frame } from './replace.ts'

interface Range {
  readonly from: number
  readonly to: number
}

/** Covered days that begin within the range, ascending. */
export async function readCoverage(
  rows: Rows,
  organization: string,
  report: BucketReport,
  { from, to }: Range,
): Promise<CoveredDay[]> {
  const found = await rows.all(
    `SELECT day, generation, width, complete_to, read_at FROM api_coverage
     WHERE organization = ? AND report = ? AND day >= ? AND day < ? ORDER BY day`,
    organization,
    report,
    from,
    to,
  )
  return found.map(([day, generation, width, completeTo, readAt]) => ({
    day: Number(day),
    generation: generation as Generation | null,
    widthMs: Number(width),
    completeTo: Number(completeTo),
    readAt: Number(readAt),
  }))
}

/**
 * Marks the days of a window that takes the place of what is stored. Rejects with LedgerError `conflict` when a day
 * would be left half in one kind of bucket and half in another.
 */
export async function coverDays(db: Db, report: BucketReport, frame: Frame): Promise<void> {
  const { organization, from, to } = frame
  if (from === to) return
  const firstDay = Math.floor(from / DAY_MS) * DAY_MS
  const stored = await readCoverage(db, organization, report, { from: firstDay, to })
  const known = new Map(stored.map((covered) => [covered.day, covered]))
  const gone: number[] = []
  const rows: (readonly unknown[])[] = []
  for (let day = firstDay; day < to; day += DAY_MS) {
    const old = known.get(day) ?? null
    const next = coverDay(day, old, frame)
    if (next === old) continue
    if (old !== null) gone.push(day)
    if (next === null) continue
    const { generation, widthMs, completeTo, readAt } = next
    rows.push([organization, report, day, generation, widthMs, completeTo, readAt])
  }
  for (const chunk of chunksOf(gone)) {
    await db.run(
      `DELETE FROM api_coverage WHERE organization = ? AND report = ? AND day IN (${marksOf(chunk)})`,
      organization,
      report,
      ...chunk,
    )
  }
  for (const chunk of rowChunks(rows)) {
    await db.run(
      `INSERT INTO api_coverage(organization, report, day, generation, width, complete_to, read_at)
       VALUES ${rowMarks(chunk)}`,
      ...chunk.flat(),
    )
  }
}

/** How well a day is known after the window, given how well it was before; null: not at all. */
function coverDay(day: number, old: CoveredDay | null, frame: Frame): CoveredDay | null {
  const { generation, widthMs, from, to, readAt } = frame
  const reach = Math.min(day + DAY_MS, frame.completeTo, to)
  const sameKind = old !== null && old.generation === generation && old.widthMs === widthMs
  if (old !== null && !sameKind) refuseMixture(day, old, frame)
  if (from > day) {
    // A part of a day adds to what is known of it, if nothing between is unknown.
    const longer = old !== null && old.completeTo >= from && reach > old.completeTo
    return longer ? { ...old, completeTo: reach } : old
  }
  if (sameKind && reach < old.completeTo) return old
  return reach > day ? { day, generation, widthMs, completeTo: reach, readAt } : null
}

function refuseMixture(day: number, old: CoveredDay, { from, to }: Frame): void {
  if (from <= day && to >= Math.min(day + DAY_MS, old.completeTo)) return
  const kind = `${old.generation ?? 'only'} buckets of ${old.widthMs} ms`
  throw new LedgerError(
    'conflict',
    `${new Date(day).toISOString().slice(0, 10)} is known in ${kind}; buckets of another kind must replace the whole day`,
  )
}
