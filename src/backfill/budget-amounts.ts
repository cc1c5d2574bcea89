import type { Amounts } from '../budgets/amounts.ts'
import type { Budget } from '../core/budget.ts'
import type { Measurement } from '../view/budgets/figures-of.ts'

/** What counted towards a budget at an instant of the past, and how well that is known now. */
export interface PastMeasurement extends Omit<Measurement, 'version'> {
  /**
   * What burn rates are to be made of where the running slot holds more than had happened by then: the amounts of the
   * slots before it. Null where they are made of the same as the rest.
   */
  readonly burn: Pick<Measurement, 'amounts' | 'data'> | null
}

/** Amounts of budgets that follow a clock through the past. */
export interface PastAmounts {
  /** Reads on up to the instant, which never falls. Rejects with LedgerError. */
  moveTo(instant: number): Promise<void>
  /** Forgets what happened before the start of a UTC day. */
  forgetBefore(instant: number): void
  /** Null where there is nothing to show of the budget yet. */
  measurement(budget: Budget, instant: number): PastMeasurement | null
}

export const NO_AMOUNTS: PastAmounts = {
  moveTo: () => Promise.resolve(),
  forgetBefore: () => undefined,
  measurement: () => null,
}

/** The amounts without the slots that begin at the instant or later. */
export function amountsBefore(amounts: Amounts, instant: number): Amounts {
  return { first: amounts.first, sum: (from, to) => amounts.sum(from, Math.min(to, instant)) }
}
