import { SlotSeries } from '../../budgets/slot-series.ts'
import { type Budget, unitOf } from '../../core/budget.ts'
import { amountOf, FIRST_TOKEN_CLASS, MEASURE, type Measures } from '../../core/measures.ts'
import { type Billing, TOKEN_CLASSES } from '../../core/usage.ts'

/** What budgets measure: those that count the same share one. */
export interface MeasuredSeries {
  readonly amounts: SlotSeries
  /** Tokens that no price is known for, so that they are missing from amounts of money. */
  readonly unpriced: SlotSeries
  /** Changes with every amount. */
  version: number
}

export function newSeries(): MeasuredSeries {
  return { amounts: new SlotSeries(), unpriced: new SlotSeries(), version: 0 }
}

/** The same for budgets that count the same. */
export function seriesKey({ basis, tokenClasses, scope }: Budget): string {
  const classes = unitOf(basis) === 'tokens' ? tokenClasses : []
  return JSON.stringify([basis, classes, Object.entries(scope).sort(([a], [b]) => (a < b ? -1 : 1))])
}

/** What a row of session logs adds: the same as in the windows of UsageView. */
export function addSessionRow(
  series: MeasuredSeries,
  budget: Pick<Budget, 'basis' | 'tokenClasses'>,
  slot: number,
  values: Measures,
  billing: Billing,
): void {
  if (budget.basis === 'session_tokens') {
    series.amounts.add(
      slot,
      tokensOf(budget, (index) => BigInt(values[FIRST_TOKEN_CLASS + index] ?? 0)),
    )
  } else if (billing === (budget.basis === 'plan_value' ? 'plan' : 'metered')) {
    series.amounts.add(slot, amountOf(values, 'cost_usd'))
    series.unpriced.add(slot, BigInt(values[MEASURE.unpriced] ?? 0))
  } else return
  series.version += 1
}

/** Tokens of the classes that the budget counts. `at` takes an index into TOKEN_CLASSES. */
export function tokensOf({ tokenClasses }: Pick<Budget, 'tokenClasses'>, at: (index: number) => bigint): bigint {
  return TOKEN_CLASSES.reduce((sum, name, index) => (tokenClasses.includes(name) ? sum + at(index) : sum), 0n)
}
