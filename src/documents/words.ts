import type { Overview } from '../overview/overview.ts'
import { amountText, compactText, percentText, usdText } from './figures.ts'
import type { Measure, Trend } from './trend.ts'

type Budget = Overview['budgets']['budgets'][number]

const UNKNOWN_REASONS: Readonly<Record<NonNullable<Budget['unknownReason']>, string>> = {
  loading: 'the history of the logs is still being read',
  ledger_failing: 'the ledger cannot be written',
  source_unreadable: 'its logs cannot be read',
  stale: 'its data are too old',
  not_covered: "the provider's data do not cover the whole period so far",
  misaligned: "the provider's data lie across the ends of the period",
}

/** How a budget stands: `on track`, `exceeded by $30.00`, `unknown: its data are too old`. */
export function stateText(budget: Budget): string {
  const { state, remaining, unit, unknownReason, thresholds } = budget
  switch (state) {
    case 'ok':
      return isOverrunExpected(budget) ? 'on track so far, expected to be exceeded' : 'on track'
    case 'warning':
      return `warning: above ${percentText(thresholds.warning)}`
    case 'critical':
      return `critical: above ${percentText(thresholds.critical)}`
    case 'exceeded':
      return remaining === null || remaining >= 0 ? 'used up' : `exceeded by ${amountText(-remaining, unit)}`
    default:
      return `unknown${unknownReason === null ? '' : `: ${reasonText(unknownReason)}`}`
  }
}

/** Why the state of a budget is unknown. */
export function reasonText(reason: NonNullable<Budget['unknownReason']>): string {
  return UNKNOWN_REASONS[reason]
}

/** True where a period always ends now, so that it is never renewed. */
export function isRolling({ period }: Pick<Budget, 'period'>): boolean {
  return period.name.startsWith('rolling')
}

/** True where the period is forecast to end above the limit. */
export function isOverrunExpected({ forecast, limit }: Budget): boolean {
  return (forecast?.expected ?? null) !== null && limit !== null && (forecast?.expected ?? 0) > limit
}

/** Shown in the place of what follows from logs that were not all read yet. */
export const LOADING = 'Unknown while the history of the logs is read.'

const BASES: Readonly<Record<Budget['basis'], string>> = {
  estimated_cost: 'estimated cost',
  plan_value: 'plan value',
  session_tokens: 'tokens of the session logs',
  billed_cost: 'billed cost',
  api_tokens: 'tokens of the organisation',
}

/** What a budget is over: `estimated cost`. */
export function basisText({ basis }: Budget): string {
  return BASES[basis]
}

const MEASURES: Readonly<Record<Measure, string>> = {
  estimatedCostUsd: 'estimated cost',
  planValueUsd: 'plan value',
  tokens: 'tokens',
}

export function measureName(measure: Measure): string {
  return MEASURES[measure]
}

export function measureText(value: number, measure: Measure): string {
  return measure === 'tokens' ? compactText(value) : usdText(value)
}

/** Below this a change is none that anybody would act on. */
const STEADY = 0.03

/** `rose by 34 %`, `fell by 12 %`, `stayed about the same (+1.2 %)`. */
export function changeText(change: number): string {
  if (change === 0) return 'stayed the same'
  if (Math.abs(change) < STEADY)
    return `stayed about the same (${change < 0 ? '-' : '+'}${percentText(Math.abs(change))})`
  return `${change > 0 ? 'rose' : 'fell'} by ${percentText(Math.abs(change))}`
}

/** How the last 7 whole days compare with the 7 before, as a clause after the name of the measure. */
export function comparisonText({ sum, sumBefore, change }: Trend, measure: Measure): string {
  const now = measureText(sum, measure)
  if (change !== null)
    return `${changeText(change)}: ${now}, after ${measureText(sumBefore, measure)} in the 7 days before`
  return sum > 0
    ? `came to ${now}; nothing is recorded of the 7 days before`
    : 'came to nothing, as in the 7 days before'
}
