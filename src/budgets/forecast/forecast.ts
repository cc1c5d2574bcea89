import type { Period, PeriodRule } from '../../core/budget.ts'
import type { Amounts } from '../amounts.ts'
import type { Forecast } from '../figures.ts'
import { bandOf } from './band.ts'
import { historyOf } from './history.ts'
import { levelOf } from './level.ts'
import { localHours } from './local-hours.ts'
import { amountOf, atPaceOf, reachedAt, type Step, usualPath } from './path.ts'
import { profileOf, usual } from './profile.ts'
import { sum } from './statistics.ts'

export interface ForecastInput {
  /** From eight weeks before `dataTo` and the period's start on, as far as they are known. Negative slots correct others. */
  readonly amounts: Amounts
  /** Epoch milliseconds. */
  readonly now: number
  /** Until when the amounts are complete; may be before `now`. What is missing after it is part of the forecast. */
  readonly dataTo: number
  readonly period: Period
  readonly rule: PeriodRule
  /** In the unit of the amounts. */
  readonly limit: bigint
  /** The share of the period of which data are needed, 0 to 1. */
  readonly minElapsedRatio: number
}

/**
 * What the whole period will come to: spent, and the usual of what is left of it, as README.md beside this file says.
 * Null for rolling periods, which do not end, and while the data cover less than `minElapsedRatio` or nothing of the
 * period. After that a budget that never saw an amount is expected to spend 0.
 *
 * Never below what is already known to be spent. `exhaustsAt` is null where the limit is not reached and where it
 * already is.
 */
export function forecast(input: ForecastInput): Forecast | null {
  const { amounts, period, rule, limit } = input
  const dataTo = Math.min(input.dataTo, input.now, period.end)
  const elapsedRatio = (dataTo - period.start) / (period.end - period.start)
  if (rule.kind === 'rolling' || elapsedRatio <= 0 || elapsedRatio < input.minElapsedRatio) return null

  const known = amounts.sum(period.start, period.end)
  const remainder = dataTo < period.end ? remainderOf(input, dataTo) : NOTHING
  const spent = amounts.sum(period.start, dataTo)
  const whole = (rest: number) => larger(known, spent + BigInt(Math.round(rest)))
  const expected = whole(remainder.expected)
  const willExhaust = known < limit && expected >= limit
  return {
    expected,
    low: whole(remainder.low),
    high: whole(remainder.high),
    exhaustsAt: willExhaust
      ? // The last step may end less than one unit short of the limit.
        Math.min(reachedAt(remainder.path, Number(limit - spent)) ?? period.end, period.end - 1)
      : null,
  }
}

interface Remainder {
  readonly expected: number
  readonly low: number
  readonly high: number
  readonly path: readonly Step[]
}

const NOTHING: Remainder = { expected: 0, low: 0, high: 0, path: [] }

/** What is expected from `dataTo` to the end of the period. */
function remainderOf({ amounts, period, rule }: ForecastInput, dataTo: number): Remainder {
  if (amounts.first === null || amounts.first >= dataTo) return NOTHING
  const history = historyOf(amounts, amounts.first, dataTo, rule.timeZone)
  const hours = localHours(dataTo, period.end, rule.timeZone)
  const today = hours[0]?.day ?? 0
  const profile = profileOf(history.days, today)
  const level = levelOf(history.days, profile, {
    day: today,
    spent: history.todaySpent,
    usual: sum(history.todaySoFar.map((hour) => usual(profile, hour))),
  })

  const path = usualPath(hours, profile, level, today)
  // The pace so far is that of today, or of this hour where the period is an hour.
  const soFarFrom = Math.max(history.todaySoFar[0]?.start ?? dataTo, rule.kind === 'hour' ? period.start : 0)
  const soFar = history.todaySoFar.filter(({ start }) => start >= soFarFrom)
  const paced = [
    ...atPaceOf(
      path.filter(({ day }) => day === today),
      amountOf(usualPath(soFar, profile, level, today)),
      Math.max(0, Number(amounts.sum(soFarFrom, dataTo))),
    ),
    ...path.filter(({ day }) => day !== today),
  ]
  return {
    expected: amountOf(paced),
    ...bandOf(history.days, profile, level.perDay, paced, history.todaySpent),
    path: paced,
  }
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}
