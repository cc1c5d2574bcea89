import { amountOf } from '../../core/measures.ts'
import { DAY_MS } from '../../core/time.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { OrganizationLedger } from '../../ledger/organization.ts'
import { type Coverage, daysOf } from './coverage.ts'
import type { Reconciliation } from './part.ts'
import type { UtcWindows } from './utc-windows.ts'

const DAYS = 7

/** Compares the session logs with the bill, over the newest seven days in a row that are settled everywhere. */
export async function reconcile(
  ledger: Pick<OrganizationLedger, 'billedCost'> & Pick<Ledger, 'usage'>,
  costs: ReadonlyMap<string, Coverage>,
  windows: UtcWindows,
): Promise<Reconciliation | null> {
  const range = newestSettledDays([...costs.values()], windows)
  if (range === null) return null
  const [billed, used] = await Promise.all([
    ledger.billedCost({ ...range, by: ['organization'] }),
    ledger.usage({
      ...range,
      by: ['provider', 'billing'],
      where: { provider: 'anthropic', billing: 'metered' },
    }),
  ])
  const ours = billed.filter(({ group: [organization = ''] }) => costs.has(organization))
  return {
    ...range,
    estimatedPico: used.reduce((sum, { values }) => sum + amountOf(values, 'cost_usd'), 0n),
    billedPico: ours.reduce((sum, { amountPico }) => sum + amountPico, 0n),
  }
}

function newestSettledDays(
  costs: readonly Coverage[],
  { previousMonth, today }: UtcWindows,
): { readonly from: number; readonly to: number } | null {
  if (costs.length === 0) return null
  for (let to = today; to - DAYS * DAY_MS >= previousMonth; to -= DAY_MS) {
    const from = to - DAYS * DAY_MS
    if (daysOf(from, to).every((day) => costs.every(({ settledDays }) => settledDays.has(day)))) return { from, to }
  }
  return null
}
