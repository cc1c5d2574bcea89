import type { Overview } from '../overview/overview.ts'

export type Budget = Overview['budgets']['budgets'][number]

/** The budget that this month's spending is held against: for everything and by month if there is one. */
export function mainBudget({ budgets: { budgets } }: Pick<Overview, 'budgets'>): Budget | null {
  const tests: ((budget: Budget) => boolean)[] = [
    (budget) => isMoney(budget) && isForAll(budget) && budget.period.name === 'month',
    (budget) => isMoney(budget) && isForAll(budget),
    isForAll,
    () => true,
  ]
  for (const test of tests) {
    const found = budgets.find(test)
    if (found !== undefined) return found
  }
  return null
}

function isMoney({ unit }: Budget): boolean {
  return unit === 'usd'
}

function isForAll({ scope }: Budget): boolean {
  return Object.keys(scope).length === 0
}
