import type { Owner, OwnerRule } from '../../core/owner.ts'
import { DAY_MS } from '../../core/time.ts'
import type { OrganizationLedger } from '../../ledger/organization.ts'
import { billedFacts } from '../../owners/facts.ts'
import { ownerOf, turningPoints } from '../../owners/owner-of.ts'
import { utcWindows } from '../organization/utc-windows.ts'

export type MonthBillLedger = Pick<OrganizationLedger, 'billedCost' | 'coverage' | 'directories' | 'organizations'>

/** What owners were billed since the first of a month in UTC. */
export interface MonthBill {
  /** Start of the month, epoch milliseconds. */
  readonly month: number
  /** Null for what no rule takes. Pico-dollars. */
  readonly sums: readonly { readonly owner: Owner | null; readonly pico: bigint }[]
}

/**
 * Null where the bill of an organisation is not known from the first of the month on without a gap, as for
 * `claude_billed_cost_month_to_date_usd`, and where there is none. Rejects with LedgerError.
 *
 * @param organizations those in use
 */
export async function readMonthBill(
  ledger: MonthBillLedger,
  rules: readonly OwnerRule[],
  { now, organizations }: { readonly now: number; readonly organizations: readonly string[] },
): Promise<MonthBill | null> {
  const { month, tomorrow } = utcWindows(now)
  const range = { from: month, to: tomorrow }
  if (organizations.length === 0) return null
  for (const name of organizations) {
    if (!isWithoutGap(await ledger.coverage(name, 'cost', range), month)) return null
  }
  const factsOf = billedFacts(await ledger.directories())
  const edges = turningPoints(rules, month, tomorrow)
  const rows = await ledger.billedCost({ ...range, by: ['organization', 'workspace', 'api_key'], edges })
  return {
    month,
    sums: rows.map(({ slot, group, amountPico }) => {
      const [organization = '', workspaceId = '', apiKeyId = ''] = group
      const facts = factsOf({ organization, workspaceId, apiKeyId })
      return { owner: ownerOf(rules, facts, edges[slot] ?? month), pico: amountPico }
    }),
  }
}

function isWithoutGap(days: readonly { readonly day: number }[], month: number): boolean {
  return days.length > 0 && days.every(({ day }, index) => day === month + index * DAY_MS)
}
