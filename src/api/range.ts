import { OperatorError } from '../core/errors.ts'
import { dayStarts, parseInstant } from '../core/period.ts'
import { DAY_MS } from '../core/time.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { choosePeriod, type Period } from '../report/period.ts'
import { daysOrAll, instant, integer, timeZone, type Values } from './parameter.ts'
import { badParameter } from './problem.ts'

/** Most local days of a range whose days are told one by one. */
export const MAX_DAYS = 400
const DEFAULT_DAYS = 30

const FROM = instant('Begin of the range: a day, which begins at its local midnight, or a time. Instead of `days`.')
const TO = instant('End of the range: a day, which is included, or a time, which is not. Now unless given.')
const ZONE = timeZone('Zone of days and of the times in the answer, instead of the configured one.')

/** A range that is not longer than MAX_DAYS. */
export const DAILY_RANGE = {
  days: integer(`The last N local days, today included; ${DEFAULT_DAYS} unless given.`, 1, MAX_DAYS),
  from: FROM,
  to: TO,
  tz: ZONE,
}

/** A range of any length. */
export const LONG_RANGE = {
  days: daysOrAll(`The last N local days, today included, or \`all\`; ${DEFAULT_DAYS} unless given.`, 36_500),
  from: FROM,
  to: TO,
  tz: ZONE,
}

export interface RangeContext {
  readonly now: number
  /** The configured zone. */
  readonly timeZone: string
  readonly span: Awaited<ReturnType<Ledger['span']>>
}

/** The range asked for, in whole quarters of an hour, as the commands choose it. Throws ApiProblem. */
export function chooseRange({ days, from, to, tz }: Values<typeof LONG_RANGE>, context: RangeContext): Period {
  const zone = tz ?? context.timeZone
  if (days !== undefined && from !== undefined) {
    throw badParameter('days', 'The parameters "days" and "from" both say where the range begins: give one of the two.')
  }
  for (const [name, text] of Object.entries({ from, to })) {
    if (text !== undefined && !isTime(text, zone)) {
      throw badParameter(name, `The parameter "${name}" names no day and no time from 1970 on: "${text}".`)
    }
  }
  try {
    return choosePeriod(
      {
        ...(days !== undefined && { days }),
        ...(from !== undefined && { since: from }),
        ...(to !== undefined && { until: to }),
      },
      DEFAULT_DAYS,
      { ...context, timeZone: zone },
    )
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    throw badParameter(from === undefined ? 'to' : 'from', `The range ends before it begins: ${String(error.seen)}.`)
  }
}

/** Starts of the local days of a range. Throws ApiProblem where these are too many. */
export function daysOfRange({ from, to }: Period, zone: string): number[] {
  const starts = (to - from) / DAY_MS > MAX_DAYS + 2 ? null : dayStarts(from, to, zone)
  if (starts !== null && starts.length <= MAX_DAYS) return starts
  throw badParameter(
    'from',
    `A range may have at most ${MAX_DAYS} days here: ask for parts of it, or use claude-usage-exporter export.`,
  )
}

function isTime(text: string, zone: string): boolean {
  const time = parseInstant(text, zone)
  // A local midnight of the first day may be in 1969 UTC.
  return time !== null && time >= -DAY_MS
}
