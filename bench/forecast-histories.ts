import type { Amounts } from '../src/budgets/amounts.ts'
import { localHours, weekdayOf } from '../src/budgets/forecast/local-hours.ts'
import { SlotSeries } from '../src/budgets/slot-series.ts'
import type { Period } from '../src/core/budget.ts'
import { Random } from './tree/random.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SLOT_MS = HOUR_MS / 4
const HISTORY_MS = 70 * DAY_MS
/** One US dollar in pico-dollars: about what an hour costs. */
const DOLLAR = 1e12

/** What an hour of a made-up history depends on. */
interface Hour {
  readonly random: Random
  readonly start: number
  /** Days since 1970, of the local date. */
  readonly day: number
  readonly weekday: number
  readonly hour: number
  /** The day's own pace, 1 in the middle. */
  readonly pace: number
  readonly weeks: number
  readonly events: Events
}

/** What happens once, drawn before the hours. */
interface Events {
  readonly spikeDay: number
  readonly beginAt: number
  readonly pauseAt: number
  burst: { until: number; dollars: number }
}

const DOLLARS = {
  /** Machines: every hour alike. */
  steady: ({ random }: Hour) => random.logNormal(1, 0.3),
  /** People: Monday to Friday from 9 to 18, busy days and idle hours, nothing at weekends. */
  weekdays: (hour: Hour) => (hour.weekday < 5 ? work(hour) : 0),
  /** Little at any time, and about every fourth day a large burst of one to four hours. */
  bursty: ({ random, start, events }: Hour) => {
    if (random.chance(1 / 96)) {
      events.burst = { until: start + (1 + random.below(4)) * HOUR_MS, dollars: random.logNormal(15, 0.8) }
    }
    return (
      (random.chance(0.3) ? random.logNormal(0.3, 0.8) : 0) + (start < events.burst.until ? events.burst.dollars : 0)
    )
  },
  /** People, and 5 % more every week. */
  growing: (hour: Hour) => (hour.weekday < 5 ? work(hour) * 1.05 ** hour.weeks : 0),
  /** People, and one day at 20 times the usual: from four weeks before the period up to its middle. */
  spike: (hour: Hour) => (hour.day === hour.events.spikeDay ? 20 * work(hour) : hour.weekday < 5 ? work(hour) : 0),
  /** People who begin within the first four tenths of the period. */
  new: (hour: Hour) => (hour.weekday < 5 && hour.start >= hour.events.beginAt ? work(hour) : 0),
  /** A job every night from 2 to 4, and people by day. */
  'night and day': (hour: Hour) =>
    (hour.weekday < 5 ? work(hour) : 0) + (hour.hour === 2 || hour.hour === 3 ? hour.random.logNormal(2, 0.1) : 0),
  /** People, and ten days without anything, which begin within the six weeks before the period. */
  holiday: (hour: Hour) => {
    const isAway = hour.start >= hour.events.pauseAt && hour.start < hour.events.pauseAt + 10 * DAY_MS
    return hour.weekday < 5 && !isAway ? work(hour) : 0
  },
} as const

export type HistoryName = keyof typeof DOLLARS
export const HISTORIES = Object.keys(DOLLARS) as readonly HistoryName[]

function work({ random, hour, pace }: Hour): number {
  return hour >= 9 && hour < 18 ? pace * random.logNormal(0.8, 0.7) : 0
}

/** Slots from ten weeks before the period to its end. The same seed gives the same on every machine. */
export function madeUpHistory(name: HistoryName, seed: number, period: Period, timeZone: string): [number, bigint][] {
  const random = new Random(seed, HISTORIES.indexOf(name))
  const length = period.end - period.start
  const from = period.start - HISTORY_MS
  const hours = localHours(from, period.end, timeZone)
  const spikeAt = period.start - 28 * DAY_MS + random.next() * (28 * DAY_MS + length / 2)
  const events: Events = {
    spikeDay: hours.find(({ end }) => end > spikeAt)?.day ?? 0,
    beginAt: period.start + random.next() * 0.4 * length,
    pauseAt: period.start - random.next() * 42 * DAY_MS,
    burst: { until: 0, dollars: 0 },
  }
  const slots: [number, bigint][] = []
  let today = { day: 0, pace: 1 }
  for (const { start, end, day, hour } of hours) {
    if (day !== today.day) today = { day, pace: random.logNormal(1, 0.4) }
    const weeks = (start - from) / (7 * DAY_MS)
    const dollars = DOLLARS[name]({ ...today, random, start, hour, weekday: weekdayOf(day), weeks, events })
    for (let slot = start; slot < end; slot += SLOT_MS) {
      if (dollars > 0) slots.push([slot, BigInt(Math.round((dollars * DOLLAR) / 4))])
    }
  }
  return slots
}

/** The slots that begin before the instant. */
export function amountsUntil(slots: readonly (readonly [number, bigint])[], instant: number): Amounts {
  const series = new SlotSeries()
  series.replace(slots.filter(([start]) => start < instant))
  return series
}
