import { MappingType, type Threshold, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Severity } from '../../src/alerts/rule.ts'
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

export const STATE_COLORS: Readonly<Record<BudgetState, string>> = {
  ok: COLORS.good,
  warning: COLORS.warning,
  critical: COLORS.critical,
  exceeded: COLORS.bad,
  unknown: COLORS.unknown,
}

/** Of alerts. */
export const SEVERITIES: ValueMapping = {
  type: MappingType.ValueToText,
  options: {
    critical: { text: 'critical', color: COLORS.bad, index: 0 },
    warning: { text: 'warning', color: COLORS.critical, index: 1 },
    info: { text: 'info', color: COLORS.money, index: 2 },
  } satisfies Record<Severity, object>,
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

/** Stands for a share that is not known where a bar needs a number: no share is just that. */
export const UNKNOWN_RATIO = -1
export const UNKNOWN: ValueMapping = {
  type: MappingType.ValueToText,
  options: { [UNKNOWN_RATIO]: { text: 'unknown', color: COLORS.unknown, index: 0 } },
}

/** 1 and 0 in words. */
export function yesNo(yes: string, no: string): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: { 0: { text: no, color: COLORS.bad, index: 1 }, 1: { text: yes, color: COLORS.good, index: 0 } },
  }
}
