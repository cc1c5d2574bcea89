import { setImmediate as nextTurn } from 'node:timers/promises'
import { balanceOf } from '../../budgets/balance.ts'
import type { BalanceFigures } from '../../budgets/figures.ts'
import { SlotSeries } from '../../budgets/slot-series.ts'
import type { Budget, TopUp } from '../../core/budget.ts'
import { seriesKey } from './measured-series.ts'
import { officialBudgets } from './official-budgets.ts'
import {
  type OrganizationBudgetLedger,
  type OrganizationSeries,
  readSeries,
  type Wanted,
  wantedSeries,
} from './organization-amounts.ts'
import { NO_REPORT } from './organization-data.ts'

export interface OrganizationPartOptions {
  /** Configured budgets over what organisations report. */
  readonly budgets: readonly Budget[]
  readonly topUps: readonly TopUp[]
  /** Organisations in use; by default all that the ledger has something of. */
  readonly organizations: (() => readonly string[]) | undefined
}

/** What organisations report for budgets and balances, as of one reading. */
export interface OrganizationBudgets {
  /** Limits that the provider enforces. */
  readonly official: readonly Budget[]
  /** Not covered where nothing has been read yet. */
  series(budget: Budget): OrganizationSeries
  balances(now: number): readonly BalanceFigures[]
}

const NO_SERIES: OrganizationSeries = { amounts: new SlotSeries(), state: NO_REPORT }

export const NO_ORGANIZATION_BUDGETS: OrganizationBudgets = {
  official: [],
  series: () => NO_SERIES,
  balances: () => [],
}

/** Reads everything anew. Rejects with LedgerError. */
export async function readOrganizationBudgets(
  ledger: OrganizationBudgetLedger,
  { budgets, topUps, organizations }: OrganizationPartOptions,
  now: number,
): Promise<OrganizationBudgets> {
  const names = organizations?.() ?? (await ledger.organizations())
  const directories = (await ledger.directories()).filter(({ organization }) => names.includes(organization))
  const official = officialBudgets(directories)
  const prepaid = [...new Set(topUps.map(({ organization }) => organization))]
  const wanted = new Map<string, Wanted>([
    ...wantedSeries([...budgets, ...official], now),
    ...prepaid.map((organization) => [balanceKey(organization), wantedForBalance(organization, topUps)] as const),
  ])
  const series = new Map<string, OrganizationSeries>()
  for (const [key, what] of wanted) {
    series.set(key, await readSeries(ledger, what, names, directories, now))
    // Reading does not wait for anything: whoever waits for the program gets a turn here.
    await nextTurn()
  }
  return {
    official,
    series: (budget) => series.get(seriesKey(budget)) ?? NO_SERIES,
    balances: (at) =>
      prepaid.map((organization) =>
        balanceAt(organization, topUps, series.get(balanceKey(organization)) ?? NO_SERIES, at),
      ),
  }
}

function wantedForBalance(organization: string, topUps: readonly TopUp[]): Wanted {
  const days = topUps.filter((topUp) => topUp.organization === organization).map(({ day }) => day)
  return { report: 'cost', scope: { organization: [organization] }, tokenClasses: [], from: Math.min(...days) }
}

function balanceAt(
  organization: string,
  topUps: readonly TopUp[],
  { amounts: billed, state: { from, to } }: OrganizationSeries,
  now: number,
): BalanceFigures {
  const own = topUps.filter((topUp) => topUp.organization === organization)
  const data = { from: from ?? Number.POSITIVE_INFINITY, to, problem: null }
  return balanceOf({ organization, topUps: own, billed, data, now })
}

function balanceKey(organization: string): string {
  return `balance\n${organization}`
}
