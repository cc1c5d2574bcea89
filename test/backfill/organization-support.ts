import type { Past } from '../../src/backfill/past.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { OrganizationFigures } from '../../src/view/organization/part.ts'
import { OrganizationView } from '../../src/view/organization-view.ts'
import { DAY_MS } from '../view/budget-support.ts'

/** What is shown of an organisation at an instant; undefined where nothing is. */
export async function figuresAt(
  past: Past,
  instant: number,
  name = 'default',
): Promise<OrganizationFigures | undefined> {
  const { organizations } = await past.at(instant)
  return organizations?.organizations.find(({ organization }) => organization === name)
}

/** What the running exporter shows at the instant. */
export async function liveFigures(ledger: Ledger, now: number): Promise<OrganizationFigures | undefined> {
  const view = new OrganizationView({ now: () => now, settleAfterMs: 2 * DAY_MS, organizations: () => ['default'] })
  await view.refresh(ledger)
  return view.part().organizations[0]
}

/** The part of live figures that has a past, in an order of its own. */
export function withPast(figures: OrganizationFigures | undefined) {
  if (figures === undefined) return undefined
  const { usageToday, usageMonthToDate, billedToday, billedMonthToDate, billedPreviousMonth, directory } = figures
  return {
    usageToday: sorted(usageToday),
    usageMonthToDate: sorted(usageMonthToDate),
    billedToday: sorted(billedToday),
    billedMonthToDate: sorted(billedMonthToDate),
    billedPreviousMonth: sorted(billedPreviousMonth),
    info: directory.info,
    workspaces: directory.workspaces,
    apiKeys: directory.apiKeys,
  }
}

function sorted<Row extends { readonly labels: object }>(rows: readonly Row[] | null): readonly Row[] | null {
  const keyOf = ({ labels }: Row) => JSON.stringify(Object.values(labels))
  return rows?.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) ?? null
}
