import type { Budget, Period, UnknownReason } from '../core/budget.ts'

/** How far the amounts of a budget can be trusted. */
export interface DataState {
  /** Amounts are known from here on, epoch milliseconds; -Infinity = always. */
  readonly from: number
  /** They are complete up to here, epoch milliseconds; null where nothing is known. */
  readonly to: number | null
  /** What else makes them doubtful. */
  readonly problem: UnknownReason | null
}

/** With these, the amounts are not even a lower bound of something that has a meaning. */
const WITHOUT_FIGURES: readonly (UnknownReason | null)[] = ['loading', 'not_covered', 'misaligned']

/** True when the amounts from the instant to now are known, or are at least a lower bound. Nothing known is never zero. */
export function isKnownSince(data: DataState, instant: number, now: number): boolean {
  return !WITHOUT_FIGURES.includes(data.problem) && data.from <= instant && reachesInto(data, instant, now)
}

/** Why the state of the budget is unknown; null when it is known. */
export function unknownReason(
  data: DataState,
  budget: Pick<Budget, 'maxDataAgeMs'>,
  period: Period,
  now: number,
): UnknownReason | null {
  if (data.problem !== null) return data.problem
  if (data.from > period.start || data.to === null) return 'not_covered'
  if (now - data.to > budget.maxDataAgeMs) return 'stale'
  return reachesInto(data, period.start, now) ? null : 'not_covered'
}

/** Whether something is known of the time since the instant; at that very instant, there is nothing to know. */
function reachesInto(data: DataState, instant: number, now: number): boolean {
  return data.to !== null && (data.to > instant || data.to >= now)
}
