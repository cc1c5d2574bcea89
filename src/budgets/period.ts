import type { Period, PeriodRule } from '../core/budget.ts'
import { firstInstant, localTime, zoneOf } from '../core/local-time.ts'
import { DAY_MS } from '../core/time.ts'
import { localStart, ordinalAt } from './calendar.ts'

const QUARTER_OF_HOUR_MS = 15 * 60_000

/** The newest answer per rule: budgets ask about the same period again and again. */
const latest = new WeakMap<PeriodRule, Period>()

/**
 * The period that holds the instant. Days, weeks, months and quarters begin at the first instant of their first local
 * day: midnight, or later where the clock skips it; a day the calendar skips has no period. An hour is an hour of the
 * local clock: one that the clock shows twice is a single, longer period, and one that it skips has none.
 * A rolling period ends at the instant and begins its days of 24 hours before, at the start of that quarter of an hour.
 */
export function periodAt(rule: PeriodRule, instant: number): Period {
  if (rule.kind === 'rolling') {
    const start = Math.floor((instant - rollingLength(rule)) / QUARTER_OF_HOUR_MS) * QUARTER_OF_HOUR_MS
    return { start, end: instant }
  }
  const known = latest.get(rule)
  if (known !== undefined && known.start <= instant && instant < known.end) return known
  const period = calendarPeriod(rule, instant)
  latest.set(rule, period)
  return period
}

/** The period that ends where the given one begins. */
export function periodBefore(rule: PeriodRule, period: Period): Period {
  if (rule.kind === 'rolling') return { start: period.start - rollingLength(rule), end: period.start }
  return calendarPeriod(rule, period.start - 1)
}

/**
 * What crossings are recorded under, once: the start of the period that holds the instant. For rolling budgets, whose
 * period never ends, the start of a block of as many days, counted from 1970 in UTC.
 */
export function crossingKey(rule: PeriodRule, instant: number): number {
  if (rule.kind !== 'rolling') return periodAt(rule, instant).start
  return Math.floor(instant / rollingLength(rule)) * rollingLength(rule)
}

/** `day`, `month`, `rolling 7d`. */
export function periodName(rule: PeriodRule): string {
  return rule.kind === 'rolling' ? `rolling ${rule.days}d` : rule.kind
}

/** The length even spending is reckoned over, milliseconds: of a rolling period its days, otherwise from start to end. */
export function periodLength(rule: PeriodRule, period: Period): number {
  return rule.kind === 'rolling' ? rollingLength(rule) : period.end - period.start
}

function rollingLength(rule: PeriodRule): number {
  return rule.days * DAY_MS
}

function calendarPeriod(rule: PeriodRule, instant: number): Period {
  const zone = zoneOf(rule.timeZone)
  let ordinal = ordinalAt(rule, localTime(zone, instant))
  let start = firstInstant(zone, localStart(rule, ordinal))
  for (;;) {
    // While the clock shows a time for the second time, the next period may have begun with the first.
    ordinal += 1
    const end = firstInstant(zone, localStart(rule, ordinal))
    if (instant < end) return { start, end }
    start = end
  }
}
