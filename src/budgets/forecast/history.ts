import { DAY_MS } from '../../core/time.ts'
import type { Amounts } from '../amounts.ts'
import { type LocalHour, localHours, weekdayOf } from './local-hours.ts'

/** Days of history that are looked at. */
const HISTORY_DAYS = 56
const WEEK_DAYS = 7
/** From this many complete days on, the largest are cut, and at most this share of them. */
const SPIKE_MIN_DAYS = 7
const SPIKE_SHARE = 0.05

/** A local day and what was spent in it, in the unit of the budget, never below 0. */
export interface Day {
  /** Days since 1970-01-01. */
  readonly day: number
  /** 0 Monday to 6 Sunday. */
  readonly weekday: number
  readonly total: number
  /** 24 amounts; an hour that the clock repeats holds both. */
  readonly hours: readonly number[]
}

export interface History {
  /** Complete days, ascending, without what says nothing of the days to come. */
  readonly days: readonly Day[]
  /** What passed of the day that is not complete, and what was spent in it. */
  readonly todaySoFar: readonly LocalHour[]
  readonly todaySpent: number
}

const NO_HOURS: readonly number[] = Array.from({ length: 24 }, () => 0)

/** The last weeks before `to`, beginning with the local midnight before the first amount `from`, epoch milliseconds. */
export function historyOf(amounts: Amounts, from: number, to: number, timeZone: string): History {
  const begin = Math.max(from, to - HISTORY_DAYS * DAY_MS)
  // One more day and a bit, in which the midnight before `begin` lies wherever the clock changes.
  const hours = localHours(begin - 1.25 * DAY_MS, to + 1, timeZone)
  const firstDay = hours.findLast(({ start }) => start <= begin)?.day ?? 0
  const today = hours.at(-1)?.day ?? 0
  const complete = daysOf(amounts, hours, firstDay, today)
  const todaySoFar = hours
    .filter(({ day, start }) => day === today && start < to)
    .map((hour) => ({ ...hour, end: Math.min(hour.end, to) }))
  const todaySpent = Math.max(0, Number(amounts.sum(todaySoFar[0]?.start ?? to, to)))
  return { days: withoutSpikes(withoutHoliday(complete, todaySpent > 0)), todaySoFar, todaySpent }
}

/** The local days from `from` to before `to`, of which `hours` are all pieces. A correction makes no amount negative. */
function daysOf(amounts: Amounts, hours: readonly LocalHour[], from: number, to: number): Day[] {
  const days: Day[] = []
  for (let index = 0; index < hours.length; ) {
    const day = hours[index]?.day ?? 0
    const first = index
    while (hours[index]?.day === day) index++
    if (day >= from && day < to) days.push(dayOf(amounts, day, hours.slice(first, index)))
  }
  return days
}

function dayOf(amounts: Amounts, day: number, pieces: readonly LocalHour[]): Day {
  const weekday = weekdayOf(day)
  const total = Number(amounts.sum(pieces[0]?.start ?? 0, pieces.at(-1)?.end ?? 0))
  if (total <= 0) return { day, weekday, total: 0, hours: NO_HOURS }
  const hours = [...NO_HOURS]
  for (const { start, end, hour } of pieces) {
    hours[hour] = Math.max(0, (hours[hour] ?? 0) + Number(amounts.sum(start, end)))
  }
  return { day, weekday, total, hours }
}

/**
 * Leaves out of the longest pause what is longer than the second longest, or all of it where it is the only one and
 * longer than any pause within a week. A holiday that is over says nothing of the days to come, while pauses that keep
 * coming stay as long as they are. So do those that are longer than all the spending beside them.
 */
function withoutHoliday(days: readonly Day[], isOver: boolean): readonly Day[] {
  const pauses: { from: number; length: number }[] = []
  for (let index = 0; index < days.length; ) {
    const from = index
    while (days[index]?.total === 0) index++
    if (index > from && (index < days.length || isOver)) pauses.push({ from, length: index - from })
    if (index === from) index++
  }
  const [longest, second] = pauses.toSorted((a, b) => b.length - a.length)
  if (longest === undefined || longest.length > days.filter(({ total }) => total > 0).length) return days
  const usual = second?.length ?? (longest.length < WEEK_DAYS ? longest.length : 0)
  return days.filter((_, index) => index < longest.from + usual || index >= longest.from + longest.length)
}

/**
 * Cuts the largest days down to the largest of the others (a winsorized sample): one day out of hand says nothing of
 * the days to come, while bursts that keep coming stay as large as they are.
 */
function withoutSpikes(days: readonly Day[]): readonly Day[] {
  if (days.length < SPIKE_MIN_DAYS) return days
  const cut = Math.max(1, Math.floor(days.length * SPIKE_SHARE))
  const most = days.map(({ total }) => total).toSorted((a, b) => b - a)[cut] ?? 0
  if (most === 0) return days
  return days.map((day) =>
    day.total <= most ? day : { ...day, total: most, hours: day.hours.map((amount) => (amount * most) / day.total) },
  )
}
