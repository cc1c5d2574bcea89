import type { Overview } from '../../overview/overview.ts'
import { amountText, percentText, UNKNOWN, usdText } from '../figures.ts'
import type { Budget } from '../main-budget.ts'
import { timeText } from '../times.ts'
import { basisText, isRolling, stateText } from '../words.ts'
import { name, nameInCell } from './inline.ts'
import { left, right, table } from './table.ts'

/** Every budget with how it stands and will end, and prepaid balances. */
export function budgetLines({ budgets: { budgets, balances }, timeZone }: Overview): string[] {
  if (budgets.length === 0 && balances.length === 0) {
    return [
      'None is configured. With a limit of dollars or tokens this report says how much of it is used and when it will be reached.',
    ]
  }
  return [
    ...(budgets.length === 0 ? [] : budgetTable(budgets, timeZone)),
    ...(budgets.length === 0 || balances.length === 0 ? [] : ['']),
    ...balances.map(balanceLine),
  ]
}

function budgetTable(budgets: readonly Budget[], timeZone: string): string[] {
  const columns = [
    left('Budget'),
    left('Over'),
    right('Used'),
    right('Limit'),
    right('%'),
    left('State'),
    right('Forecast'),
    right('Remaining'),
    left('Renewed'),
  ]
  return table(
    columns,
    budgets.map((budget) => [
      nameInCell(budget.name),
      `${basisText(budget)}, ${budget.period.name}${Object.keys(budget.scope).length === 0 ? '' : `, ${scopeText(budget)}`}`,
      amountText(budget.spent, budget.unit),
      amountText(budget.limit, budget.unit),
      percentText(budget.usedRatio),
      stateText(budget),
      forecastCell(budget),
      amountText(budget.remaining, budget.unit),
      renewedCell(budget, timeZone),
    ]),
  )
}

function scopeText({ scope }: Budget): string {
  return Object.entries(scope)
    .map(([label, patterns]) => `${label} ${patterns.map(nameInCell).join(' or ')}`)
    .join(', ')
}

function forecastCell(budget: Budget): string {
  const { forecast, unit, limit, state } = budget
  const expected = forecast?.expected ?? null
  if (isRolling(budget)) return 'none: rolling'
  if (expected === null) return state === 'unknown' ? UNKNOWN : 'not yet'
  return `${amountText(expected, unit)}${limit === null || limit === 0 ? '' : ` (${percentText(expected / limit)})`}`
}

function renewedCell(budget: Budget, timeZone: string): string {
  const { period } = budget
  if (isRolling(budget)) return 'all the time'
  if (period.end === null) return UNKNOWN
  return `${timeText(period.end)}${period.timeZone === timeZone ? '' : ` ${period.timeZone}`}`
}

function balanceLine({
  organization,
  balanceUsd,
  toppedUpUsd,
  runwayDays,
}: Overview['budgets']['balances'][number]): string {
  const left = balanceUsd === null ? 'an unknown amount' : usdText(balanceUsd)
  const lasts = runwayDays === null ? '' : `, which lasts ${runwayDays.toFixed(1)} days at the pace of the last 7`
  return `- Prepaid balance of ${name(organization)}: ${left} of ${usdText(toppedUpUsd)} paid in${lasts}.`
}
