import type { BudgetFigures } from '../budgets/figures.ts'
import { unitOf } from '../core/budget.ts'
import { usdFromPico } from '../core/money.ts'
import { amountOf, balanceJson, worstState } from '../report/budget-json.ts'
import { periodJson } from '../report/json.ts'
import { lastSevenDays, monthToDate, type Period, today } from '../report/period.ts'
import type { OrganizationFigures } from '../view/organization/part.ts'
import type { Snapshot, WindowRow } from '../view/snapshot.ts'
import type { ApiContext } from './context.ts'
import { documentHead, timeOrNull } from './head.ts'
import type { StatusDocument } from './schema/status.ts'

/** The snapshot of widgets: the figures of `/metrics`, added up. */
export function statusDocument(context: ApiContext): StatusDocument {
  const { current } = context
  const { timeZone } = current
  const clock = { now: current.at, timeZone, span: null }
  const ifComplete = <T>(value: () => T) => (current.complete ? value() : null)
  const window = (rows: readonly WindowRow[], period: Period, billedPico: bigint | null) =>
    ifComplete(() => windowJson(rows, period, timeZone, billedPico))
  return {
    ...documentHead('status', context, timeZone),
    lastUpdated: timeOrNull(lastUpdated(current), timeZone),
    nextUpdate: timeOrNull(nextUpdate(current), timeZone),
    today: window(current.today, today(clock), billedSum(current, 'billedToday')),
    last7Days: window(current.last7Days, lastSevenDays(clock), null),
    monthToDate: window(current.monthToDate, monthToDate(clock), billedSum(current, 'billedMonthToDate')),
    unpricedTokens: ifComplete(() => Number(current.unpriced.reduce((sum, { tokens }) => sum + tokens, 0n))),
    activeSessions: ifComplete(() => current.active.reduce((sum, { sessions }) => sum + sessions, 0)),
    worstState: worstState(current.budgets),
    budgets: current.budgets.map(budgetJson),
    balances: current.balances.map(balanceJson),
  }
}

/** When any source was last read, here or on another machine that shares the ledger, epoch milliseconds. */
export function lastUpdated({ sources, organizations, machines }: Snapshot): number | null {
  const own = [...sources, ...organizations.organizations.flatMap((organization) => organization.sources)]
  const times = [...own.map(({ lastSuccess }) => lastSuccess), ...machines.map(({ readAt }) => readAt)]
  return times.reduce((newest, time) => (time === null ? newest : Math.max(newest ?? time, time)), null)
}

/** Tokens of all classes in a window. */
export function tokensOf(rows: readonly WindowRow[]): bigint {
  return rows.reduce((sum, { tokens }) => tokens.reduce((total, value) => total + value, sum), 0n)
}

export function estimatedOf(rows: readonly WindowRow[]): bigint {
  return rows.reduce((sum, { estimatedPico }) => sum + estimatedPico, 0n)
}

/** What all organisations were billed in a window, pico-dollars; null where one of them is not known, or there is none. */
export function billedSum(
  { organizations: { organizations } }: Snapshot,
  window: keyof Pick<OrganizationFigures, 'billedToday' | 'billedMonthToDate'>,
): bigint | null {
  if (organizations.length === 0) return null
  let sum = 0n
  for (const organization of organizations) {
    const rows = organization[window]
    if (rows === null) return null
    for (const { pico } of rows) sum += pico
  }
  return sum
}

function nextUpdate({ nextRuns }: Snapshot): number | null {
  return nextRuns.reduce<number | null>((first, [, at]) => Math.min(first ?? at, at), null)
}

function windowJson(rows: readonly WindowRow[], period: Period, timeZone: string, billedPico: bigint | null) {
  const sum = (index: number) => Number(rows.reduce((total, { tokens }) => total + (tokens[index] ?? 0n), 0n))
  return {
    range: periodJson(period, timeZone),
    tokens: {
      input: sum(0),
      cacheWrite5m: sum(1),
      cacheWrite1h: sum(2),
      cacheRead: sum(3),
      output: sum(4),
      total: Number(tokensOf(rows)),
    },
    requests: Number(rows.reduce((total, { requests }) => total + requests, 0n)),
    estimatedCostUsd: usdFromPico(estimatedOf(rows)),
    planValueUsd: usdFromPico(rows.reduce((total, { planPico }) => total + planPico, 0n)),
    billedCostUsd: billedPico === null ? null : usdFromPico(billedPico),
  }
}

function budgetJson({ budget, period, state, spent, remaining, usedRatio }: BudgetFigures) {
  return {
    name: budget.name,
    state,
    unit: unitOf(budget.basis),
    limit: amountOf(budget, budget.limit),
    spent: spent === null ? null : amountOf(budget, spent),
    remaining: remaining === null ? null : amountOf(budget, remaining),
    usedRatio,
    resetsAt: budget.period.kind === 'rolling' ? null : timeOrNull(period.end, budget.period.timeZone),
  }
}
