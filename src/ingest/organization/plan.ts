import { type BucketWidth, type Generation, WIDTH_MS } from '../../core/organization.ts'
import { DAY_MS, HOUR_MS } from '../../core/time.ts'
import type { CoveredDay } from '../../ledger/organization.ts'
import type { Reach } from '../../sources/admin-api/admin-api.ts'
import { ceilTo, floorTo, mergeSpans, type Span, splitSpan, startOfUtcMonth } from './span.ts'

/** Values may change this long; the sums of a month are looked at again for as long. */
const SETTLING_MS = 31 * DAY_MS
const ANALYTICS_OVERLAP_MS = 6 * HOUR_MS
/** How far before the end of what is complete late values are expected, legacy. A day is read whole anyway. */
const LEGACY_OVERLAP_MS: Readonly<Record<BucketWidth, number>> = { '1m': 2 * HOUR_MS, '1h': 6 * HOUR_MS, '1d': 0 }

export interface WindowQuestion {
  readonly report: 'usage' | 'cost'
  readonly generation: Generation
  readonly width: BucketWidth
  readonly now: number
  /** What the ledger knows of the days from `historyStart`, or of those of `range`. */
  readonly coverage: readonly CoveredDay[]
  /** When far more than the running hours was read last, epoch milliseconds; null: not yet. */
  readonly lastDeepAt: number | null
  /** How far back the first load goes, milliseconds. */
  readonly history: number
  readonly reach: Reach
  /** Read this and nothing else, as far as it can be had. */
  readonly range?: Span
}

export interface WindowPlan {
  /** Newest first; whole buckets, none longer than the reach. Empty only when the range cannot be had at all. */
  readonly windows: readonly Span[]
  /** True when this is the daily look at all that may still change. */
  readonly deep: boolean
  readonly from: number
  readonly to: number
}

/** What to ask the API for, so that every day is known and late values are found. */
export function planWindows(question: WindowQuestion): WindowPlan {
  const { width, now, reach, range, lastDeepAt } = question
  const deep = range === undefined && isDeepDue(lastDeepAt, now)
  const spans = mergeSpans(range === undefined ? dueSpans(question, deep) : rangeSpans(question, range)).reverse()
  const end = runningEnd(now, width)
  return {
    windows: spans.flatMap((span) => splitSpan(span, reach.maxRangeMs, WIDTH_MS[width])),
    deep,
    from: spans.at(-1)?.from ?? end,
    to: spans[0]?.to ?? end,
  }
}

/** First day that is wanted and can be had: a month back, the month before this one and the history. */
export function historyStart(now: number, history: number, reach: Reach): number {
  const wanted = Math.min(settlingStart(now), floorTo(now - history, DAY_MS))
  return Math.max(wanted, ceilTo(reach.earliest, DAY_MS))
}

/** True when the last look at all that may still change is a day ago. A clock that went back must not put it off. */
export function isDeepDue(lastDeepAt: number | null, now: number): boolean {
  return lastDeepAt === null || now - lastDeepAt >= DAY_MS || lastDeepAt > now
}

/** End of the running bucket; minutes are asked for up to the full hour. The API leaves out what is only begun else. */
export function runningEnd(now: number, width: BucketWidth): number {
  const unit = width === '1d' ? DAY_MS : HOUR_MS
  return floorTo(now, unit) + unit
}

function settlingStart(now: number): number {
  return Math.min(startOfUtcMonth(now, 1), floorTo(now - SETTLING_MS, DAY_MS))
}

function dueSpans(question: WindowQuestion, deep: boolean): Span[] {
  const { now, width, history, reach, coverage } = question
  const start = historyStart(now, history, reach)
  const end = runningEnd(now, width)
  const again = Math.max(start, rereadStart(question, deep))
  const known = new Map(coverage.map((day) => [day.day, day]))
  const spans: Span[] = [{ from: again, to: end }]
  for (let day = start; day < end; day += DAY_MS) {
    const covered = known.get(day)
    const dayEnd = Math.min(day + DAY_MS, end)
    const isForeign = covered === undefined || isOther(covered, question)
    if (covered === undefined || (isForeign && (dayEnd > again || isIncomplete(covered)))) {
      spans.push({ from: day, to: dayEnd })
    } else if (isIncomplete(covered)) {
      const from = Math.max(start, lateFrom(covered, question))
      const first = known.get(floorTo(from, DAY_MS))
      // The overlap may reach into a day of another kind, which cannot be replaced in part.
      const isWhole = first === undefined || isOther(first, question)
      spans.push({ from: isWhole ? floorTo(from, DAY_MS) : from, to: dayEnd })
    }
  }
  return spans
}

function rereadStart(question: WindowQuestion, deep: boolean): number {
  const { report, generation, width, now, coverage } = question
  const today = floorTo(now, DAY_MS)
  if (generation === 'analytics') {
    if (deep) return today - SETTLING_MS
    const late = coverage.filter(isIncomplete).map((day) => lateFrom(day, question))
    return Math.min(floorTo(now - ANALYTICS_OVERLAP_MS, WIDTH_MS[width]), ...late)
  }
  if (report === 'cost') return deep ? settlingStart(now) : today - DAY_MS
  if (width === '1d') return today - (deep ? 7 : 1) * DAY_MS
  return deep ? today - 3 * DAY_MS : floorTo(now - LEGACY_OVERLAP_MS[width], WIDTH_MS[width])
}

/** Where reading an incomplete day goes on; reaches into the day before where late values are still expected there. */
function lateFrom({ day, completeTo }: CoveredDay, { generation, width }: WindowQuestion): number {
  const overlap = generation === 'analytics' ? ANALYTICS_OVERLAP_MS : LEGACY_OVERLAP_MS[width]
  return floorTo(Math.max(day, completeTo) - overlap, WIDTH_MS[width])
}

function rangeSpans(question: WindowQuestion, range: Span): Span[] {
  const { now, width, reach, coverage } = question
  const end = runningEnd(now, width)
  const from = Math.max(floorTo(range.from, WIDTH_MS[width]), ceilTo(reach.earliest, WIDTH_MS[width]))
  const to = Math.min(ceilTo(range.to, WIDTH_MS[width]), end)
  if (from >= to) return []
  // A day is of one kind: half of it read in another way would leave the other half without an owner.
  const isKept = (day: number) => coverage.some((covered) => covered.day === day && !isOther(covered, question))
  const firstDay = floorTo(from, DAY_MS)
  const lastDay = floorTo(to - 1, DAY_MS)
  return [
    {
      from: isKept(firstDay) ? from : Math.max(firstDay, ceilTo(reach.earliest, WIDTH_MS[width])),
      to: isKept(lastDay) ? to : Math.min(lastDay + DAY_MS, end),
    },
  ]
}

function isOther({ generation, widthMs }: CoveredDay, question: WindowQuestion): boolean {
  return generation !== question.generation || widthMs !== WIDTH_MS[question.width]
}

function isIncomplete({ day, completeTo }: CoveredDay): boolean {
  return completeTo < day + DAY_MS
}
