import type { Period, PeriodRule } from '../../src/core/budget.ts'

const MINUTE_MS = 60_000
const QUARTER_MS = 15 * MINUTE_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** What is looked at on either side of an instant: the longest period of the kind and a little more. */
const REACH_DAYS = { hour: 3, day: 4, week: 11, month: 35, quarter: 96, rolling: 0 }

export interface LocalFields {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What a clock on the wall shows. */
export function wallClock(instant: number, timeZone: string): LocalFields {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(timeZone, format)
  }
  const [, day, month, year, hour, minute] =
    /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+)$/.exec(format.format(instant))?.map(Number) ?? []
  return { year: year ?? 0, month: month ?? 0, day: day ?? 0, hour: hour ?? 0, minute: minute ?? 0 }
}

/**
 * The period that holds the instant, found by looking at the clock every quarter of an hour, and every minute where the
 * period changes. A clock that is put back is taken to stand still until it shows something new.
 */
export function slowPeriod(rule: PeriodRule, instant: number): Period {
  const reach = REACH_DAYS[rule.kind] * DAY_MS
  const begin = Math.floor((instant - reach) / QUARTER_MS) * QUARTER_MS
  let newest = wallClock(begin, rule.timeZone)
  let name = nameOf(rule, newest)
  let start = Number.NaN
  for (let quarter = begin + QUARTER_MS; quarter <= instant + reach; quarter += QUARTER_MS) {
    const before = newest
    newest = laterOf(before, wallClock(quarter, rule.timeZone))
    const next = nameOf(rule, newest)
    if (next === name) continue
    let stood = before
    for (let minute = quarter - QUARTER_MS + MINUTE_MS; minute <= quarter; minute += MINUTE_MS) {
      stood = laterOf(stood, wallClock(minute, rule.timeZone))
      if (nameOf(rule, stood) === name) continue
      name = nameOf(rule, stood)
      if (minute > instant) return { start, end: minute }
      start = minute
    }
  }
  throw new Error('no end found')
}

function laterOf(a: LocalFields, b: LocalFields): LocalFields {
  return number(b) > number(a) ? b : a
}

function number({ year, month, day, hour, minute }: LocalFields): number {
  return (((year * 100 + month) * 100 + day) * 100 + hour) * 100 + minute
}

function nameOf(rule: PeriodRule, { year, month, day, hour }: LocalFields): string {
  if (rule.kind === 'hour') return `${year}-${month}-${day} ${hour}`
  if (rule.kind === 'day') return `${year}-${month}-${day}`
  let date = new Date(Date.UTC(year, month - 1, day))
  while (!beginsAt(rule, date)) date = new Date(date.getTime() - DAY_MS)
  return date.toISOString()
}

/** Whether a week, month or quarter begins on the date. */
function beginsAt(rule: PeriodRule, date: Date): boolean {
  if (rule.kind === 'week') return date.getUTCDay() === rule.weekStart % 7
  const isLastOfMonth = new Date(date.getTime() + DAY_MS).getUTCDate() === 1
  const isBillingDay = date.getUTCDate() === rule.billingDay || (isLastOfMonth && date.getUTCDate() < rule.billingDay)
  return isBillingDay && (rule.kind === 'month' || [1, 4, 7, 10].includes(date.getUTCMonth() + 1))
}

export interface SlowFigures {
  readonly spent: bigint
  readonly remaining: bigint
  readonly usedRatio: number
  readonly elapsedRatio: number
  readonly state: string
  readonly burnRate1h: number
  readonly burnRate6h: number
  readonly burnRate3d: number
}

/** The figures of a budget with thresholds of 0.75 and 0.9 whose data are complete, from its slots of 15 minutes. */
export function slowFigures(
  slots: readonly (readonly [slot: number, amount: bigint])[],
  rule: PeriodRule,
  limit: bigint,
  now: number,
): SlowFigures {
  const period = slowPeriod(rule, now)
  const length = period.end - period.start
  let spent = 0n
  for (const [slot, amount] of slots) if (slot >= period.start && slot <= now) spent += amount
  const burn = (windowMs: number) => {
    let amount = 0
    for (const [slot, value] of slots) {
      const share = Math.min(Math.max((slot + QUARTER_MS - (now - windowMs)) / QUARTER_MS, 0), 1)
      if (slot <= now) amount += Number(value) * share
    }
    return amount / Number(limit) / (windowMs / length)
  }
  return {
    spent,
    remaining: limit - spent,
    usedRatio: Number(spent) / Number(limit),
    elapsedRatio: (now - period.start) / length,
    state:
      spent >= limit
        ? 'exceeded'
        : 10n * spent >= 9n * limit
          ? 'critical'
          : 4n * spent >= 3n * limit
            ? 'warning'
            : 'ok',
    burnRate1h: burn(HOUR_MS),
    burnRate6h: burn(6 * HOUR_MS),
    burnRate3d: burn(3 * DAY_MS),
  }
}
