import type { OwnerRules, OwnerShare } from '../core/owner.ts'
import { DAY_MS } from '../core/time.ts'
import { type Ledger, SLOT_MS } from '../ledger/ledger.ts'
import type { CoveredDay } from '../ledger/organization.ts'
import { giveWay } from '../lib/turns.ts'
import { type BilledPart, type Chargeback, type ChargebackGrouping, chargeback, type UsagePart } from './chargeback.ts'
import { billedFacts, isOrganizationWide } from './facts.ts'
import type { ChargebackMonth } from './months.ts'
import { turningPoints } from './owner-of.ts'

export type ChargebackLedger = Pick<
  Ledger,
  'usage' | 'billedCost' | 'coverage' | 'organizations' | 'directories' | 'span'
>

export interface ChargebackRequest {
  readonly months: readonly ChargebackMonth[]
  readonly rules: OwnerRules
  readonly share: OwnerShare
  readonly by: ChargebackGrouping | null
  /** Organisations that there is a credential for. */
  readonly organizations: readonly string[]
}

/** What the bill of a month is known from. */
export interface BillCoverage {
  /** Organisations that are read, or were when these days were read. */
  readonly organizations: readonly string[]
  /** False where nothing of the month was read, so that nothing can be said of billed cost. */
  readonly isKnown: boolean
  /** UTC days that the bill of an organisation does not tell completely yet, ascending: `2026-11-05`. */
  readonly openDays: readonly string[]
}

export interface MonthReport extends ChargebackMonth {
  readonly chargeback: Chargeback
  readonly bill: BillCoverage
  /** Time of the first use in the ledger, epoch milliseconds; null where there is none. */
  readonly ledgerBegan: number | null
}

/** Days that are read at a time, so that others have their turn in between. */
const SLICE_DAYS = 7

/** What owners used and were billed, month by month. The ledger had better be frozen. Rejects with LedgerError. */
export async function readChargeback(ledger: ChargebackLedger, request: ChargebackRequest): Promise<MonthReport[]> {
  const span = await ledger.span()
  const reports: MonthReport[] = []
  for (const month of request.months) {
    const { rules, by, share } = request
    const usage = await readUsage(ledger, month, rules)
    const billed = await readBilled(ledger, month, rules)
    const bill = await readCoverage(ledger, month, { configured: request.organizations, billed })
    reports.push({
      ...month,
      chargeback: chargeback({ rules, usage, billed, by, share }),
      bill,
      ledgerBegan: span?.first ?? null,
    })
  }
  return reports
}

async function readUsage(ledger: ChargebackLedger, { from, to }: ChargebackMonth, rules: OwnerRules) {
  const parts: UsagePart[] = []
  for (let begin = from; begin < to; begin += SLICE_DAYS * DAY_MS) {
    const end = Math.min(begin + SLICE_DAYS * DAY_MS, to)
    const instants = turningPoints(rules.usage, begin, end)
    const rows = await ledger.usage({
      from: slotOf(begin),
      to: slotOf(end),
      by: ['source', 'agent', 'project', 'machine', 'billing', 'session'],
      days: instants.map(slotOf),
    })
    for (const { day, group, values } of rows) {
      const [source = '', agent = '', project = '', machine = '', billing, session = ''] = group
      const at = instants[day] ?? begin
      parts.push({
        at,
        source,
        agent,
        project,
        machine,
        billing: billing === 'plan' ? 'plan' : 'metered',
        session,
        values,
      })
    }
    await giveWay()
  }
  return parts
}

async function readBilled(
  ledger: ChargebackLedger,
  { billedFrom: from, billedTo: to }: ChargebackMonth,
  rules: OwnerRules,
): Promise<BilledPart[]> {
  if (from >= to) return []
  const edges = turningPoints(rules.billed, from, to)
  const factsOf = billedFacts(await ledger.directories())
  const by = ['organization', 'workspace', 'api_key', 'cost_type'] as const
  return (await ledger.billedCost({ from, to, by, edges })).map(({ slot, group, amountPico }) => {
    const [organization = '', workspaceId = '', apiKeyId = '', costType = ''] = group
    const labels = { organization, workspaceId, apiKeyId }
    return {
      at: edges[slot] ?? from,
      ...labels,
      costType,
      pico: amountPico,
      facts: factsOf(labels),
      isOrganizationWide: isOrganizationWide(labels),
    }
  })
}

async function readCoverage(
  ledger: ChargebackLedger,
  { billedFrom: from, billedTo: to }: ChargebackMonth,
  { configured, billed }: { readonly configured: readonly string[]; readonly billed: readonly BilledPart[] },
): Promise<BillCoverage> {
  const withCost = new Set([...configured, ...billed.map(({ organization }) => organization)])
  const covered = new Map<string, readonly CoveredDay[]>()
  for (const name of new Set([...withCost, ...(await ledger.organizations())])) {
    const days = await ledger.coverage(name, 'cost', { from, to })
    if (days.length > 0 || withCost.has(name)) covered.set(name, days)
  }
  const whole = [...covered.values()].map(
    (days) => new Set(days.filter(({ day, completeTo }) => completeTo >= day + DAY_MS).map(({ day }) => day)),
  )
  const openDays: string[] = []
  for (let day = from; day < to; day += DAY_MS) {
    if (whole.some((days) => !days.has(day))) openDays.push(new Date(day).toISOString().slice(0, 10))
  }
  return {
    organizations: [...covered.keys()].sort(),
    isKnown: billed.length > 0 || [...covered.values()].some((days) => days.length > 0),
    openDays,
  }
}

/** The ledger knows quarters of an hour only; zones whose midnights lie within one are long gone. */
function slotOf(instant: number): number {
  return Math.floor(instant / SLOT_MS) * SLOT_MS
}
