import { MappingType, type Threshold, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import { BUDGET_STATES, type BudgetState } from '../../src/core/budget.ts'
import { COLORS } from './colors.ts'

/** Share of a limit that is used, or is expected to be. */
export const OF_LIMIT: readonly Threshold[] = steps([0.8, COLORS.warning], [1, COLORS.bad])
/** Of something that should not happen at all. */
export const NONE_WANTED: readonly Threshold[] = steps([1, COLORS.bad])
/** Of something that should be 1. */
export const ONE_WANTED: readonly Threshold[] = [
  { value: null, color: COLORS.bad },
  { value: 1, color: COLORS.good },
]

/** Good below the first value. */
export function steps(...limits: readonly (readonly [value: number, color: string])[]): readonly Threshold[] {
  return [{ value: null, color: COLORS.good }, ...limits.map(([value, color]) => ({ value, color }))]
}

const STATE_COLORS: Readonly<Record<BudgetState, string>> = {
  ok: COLORS.good,
  warning: COLORS.warning,
  critical: COLORS.critical,
  exceeded: COLORS.bad,
  unknown: COLORS.unknown,
}

/** States of budgets by their name. */
export const STATE_NAMES: ValueMapping = {
  type: MappingType.ValueToText,
  options: Object.fromEntries(BUDGET_STATES.map((state) => [state, { text: state, color: STATE_COLORS[state] }])),
}

/** States of budgets by their place in BUDGET_STATES. */
export const STATE_NUMBERS: ValueMapping = {
  type: MappingType.ValueToText,
  options: Object.fromEntries(
    BUDGET_STATES.map((state, index) => [String(index), { text: state, color: STATE_COLORS[state], index }]),
  ),
}

/** 1 and 0 in words. */
export function yesNo(yes: string, no: string): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: { 0: { text: no, color: COLORS.bad, index: 1 }, 1: { text: yes, color: COLORS.good, index: 0 } },
  }
}
