import { type Range, startOfQuarterHour } from '../../backfill/instants.ts'
import { OperatorError } from '../../core/errors.ts'
import { isoTime, parseInstant } from '../../core/period.ts'
import { HOUR_MS } from '../../core/time.ts'
import { namedDay } from '../../report/period.ts'

/** What is newer belongs to the blocks that Prometheus has not written yet. */
const HEAD_MS = 4 * HOUR_MS
const NOW = 'now'

/** What the command line says of the range, as it stands there. */
export interface RangeOptions {
  readonly since?: string
  readonly until?: string
}

export interface RangeContext {
  /** Epoch milliseconds. */
  readonly now: number
  readonly timeZone: string
  /** Before this instant there is nothing to be said, epoch milliseconds; null for an empty ledger. */
  readonly earliest: number | null
}

export interface ChosenRange extends Range {
  /** `head`: its end is among what a running Prometheus holds in memory. `now`: it ends this very moment. */
  readonly reachesInto: 'past' | 'head' | 'now'
}

/** The range asked for; nothing after now is in it. Throws OperatorError for one that makes no sense. */
export function chooseRange(options: RangeOptions, context: RangeContext): ChosenRange {
  const { now, timeZone, earliest } = context
  const to = endOf(options.until, context)
  const since = options.since === undefined ? null : startOf(options.since, context)
  if (since !== null && since >= to) {
    throw new OperatorError('The history ends before it begins', {
      seen: `${isoTime(since, timeZone)} to ${isoTime(to, timeZone)}`,
      fix:
        options.until === undefined
          ? 'Without --until it ends 4 hours ago. Give an earlier --since.'
          : 'Give --since a time before --until.',
    })
  }
  const from = Math.min(to, Math.max(earliest ?? to, since ?? Number.NEGATIVE_INFINITY))
  const reachesInto = options.until === NOW ? 'now' : to > now - HEAD_MS ? 'head' : 'past'
  return { from: startOfQuarterHour(from), to, reachesInto }
}

function startOf(text: string, context: RangeContext): number {
  return startOfQuarterHour(namedDay(text, { ...context, span: null })?.from ?? parseTime(text, '--since', context))
}

function endOf(text: string | undefined, context: RangeContext): number {
  const { now } = context
  if (text === undefined) return startOfQuarterHour(now - HEAD_MS)
  if (text === NOW) return now
  const day = namedDay(text, { ...context, span: null })
  const end = day?.to ?? parseTime(text, '--until', context)
  if (end <= now) return startOfQuarterHour(end)
  throw new OperatorError('The history would end in the future', {
    seen: text,
    fix: 'Give a day that is over or a time that has passed, or --until now for a Prometheus that does not scrape yet.',
  })
}

function parseTime(text: string, option: '--since' | '--until', { timeZone }: RangeContext): number {
  const instant = /^\d{4}-\d{2}-\d{2}T/.test(text) ? parseInstant(text, timeZone) : null
  if (instant !== null) return instant
  throw new OperatorError(`${option} needs a day or a time${option === '--until' ? ', or now' : ''}`, {
    seen: text,
    fix: 'Write 2026-05-04 or 2026-05-04T09:30.',
  })
}
