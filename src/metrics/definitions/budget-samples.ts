import type { Budget, BudgetUnit } from '../../core/budget.ts'
import { unitOf } from '../../core/budget.ts'
import type { Snapshot } from '../../view/snapshot.ts'
import { type MetricDefinition, metric, type Sample } from '../definition.ts'

export type BudgetRow = Snapshot['budgets'][number]

const UNITS = { usd: 'US dollars', tokens: 'Tokens' } as const satisfies Record<BudgetUnit, string>

/** Where the definition of a budget is told, for the end of a help text. */
export const ZONE = 'in the zone of claude_budget_info'
export const WHEN_UNKNOWN = 'Absent where it is not known: see the state "unknown" of claude_budget_state.'

const labelSets = new WeakMap<Budget, { readonly budget: string }>()

export function budgetLabels({ budget }: BudgetRow): { readonly budget: string } {
  const labels = labelSets.get(budget) ?? { budget: budget.name }
  labelSets.set(budget, labels)
  return labels
}

/** A family of dollars and one of tokens; a budget is in that of its unit. `name` and `help` go before the unit. */
export function amounts(
  name: string,
  help: string,
  amount: (row: BudgetRow) => bigint | null,
): readonly MetricDefinition[] {
  return (['usd', 'tokens'] as const).map((unit) =>
    metric({
      name: `${name}_${unit}`,
      type: 'gauge',
      help: `${UNITS[unit]} ${help}`,
      unit,
      labels: ['budget'],
      collector: 'budgets',
      ...(unit === 'usd' ? { scale: 'pico' } : {}),
      read: (snapshot) =>
        samples(
          snapshot.budgets.filter(({ budget }) => unitOf(budget.basis) === unit),
          amount,
        ),
    }),
  )
}

/** A family of plain numbers. */
export function numbers(
  { name, help, unit }: { readonly name: string; readonly help: string; readonly unit: string },
  value: (row: BudgetRow) => number | bigint | null,
): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help,
    unit,
    labels: ['budget'],
    collector: 'budgets',
    read: (snapshot) => samples(snapshot.budgets, value),
  })
}

/** Only what is known, and no number that is none. */
function samples(
  rows: readonly BudgetRow[],
  value: (row: BudgetRow) => number | bigint | null,
): readonly Sample<'budget'>[] {
  return rows.flatMap((row) => {
    const known = value(row)
    if (known === null || (typeof known === 'number' && !Number.isFinite(known))) return []
    return [[budgetLabels(row), known] as const]
  })
}
