import { DAY_MS } from '../core/time.ts'
import type { Pricing } from '../pricing/pricing.ts'
import { type ApiUse, type PricedUse, priceApiUse } from './price-api-use.ts'
import { findReasons, type Reason, toleranceOf } from './reasons.ts'

/** Metered use of one model on one UTC day by the session logs of this machine. */
export interface LocalUse {
  /** Index of the day. */
  readonly day: number
  readonly model: string
  readonly tokens: bigint
  readonly unpriced: bigint
  /** Pico-dollars, estimated. */
  readonly pico: bigint
}

/** Sum of what was billed on one UTC day. */
export interface BilledUse {
  /** Index of the day. */
  readonly day: number
  readonly workspace: string
  readonly costType: string
  readonly serviceTier: string
  /** Pico-dollars; list is null where the API does not tell. */
  readonly amountPico: bigint
  readonly listPico: bigint | null
}

/** How well a report knows a day, in the organisation that knows it least. Epoch milliseconds. */
export interface DayCoverage {
  readonly completeTo: number
  readonly readAt: number
}

export interface ReconcileInput {
  /** Starts of UTC days, ascending, epoch milliseconds. */
  readonly days: readonly number[]
  /** By start of the day; a day that is not in it has not been read. */
  readonly usageCoverage: ReadonlyMap<number, DayCoverage>
  readonly costCoverage: ReadonlyMap<number, DayCoverage>
  readonly local: readonly LocalUse[]
  readonly api: readonly ApiUse[]
  readonly billed: readonly BilledUse[]
  readonly settleAfterMs: number
}

/** Amounts are pico-dollars. */
export interface ReconciledDay {
  /** Start of the UTC day, epoch milliseconds. */
  readonly day: number
  readonly localPico: bigint
  readonly localTokens: bigint
  /** The provider's token counts at list price; null for a day whose usage was not read. */
  readonly apiPico: bigint | null
  readonly apiTokens: bigint | null
  /** Null for a day whose cost was not read. */
  readonly billedPico: bigint | null
  /** Local estimate / billed; null where nothing was billed or it is not known. */
  readonly ratio: number | null
  /** True when the provider is not expected to change the day any more. */
  readonly isSettled: boolean
  readonly reasons: readonly Reason[]
  /** Local estimate less billed less what the reasons explain; null where the bill is not known. */
  readonly unexplainedPico: bigint | null
  /** Session logs know no workspaces: only the provider's figures. Sorted by name. */
  readonly workspaces: readonly WorkspaceDay[]
}

export interface WorkspaceDay {
  readonly workspace: string
  readonly apiPico: bigint | null
  readonly billedPico: bigint | null
}

export interface Reconciled {
  readonly days: readonly ReconciledDay[]
  /** Over the days whose cost is known. */
  readonly totals: ReconciledTotals
}

export interface ReconciledTotals {
  readonly days: number
  readonly settledDays: number
  readonly localPico: bigint
  /** Null as soon as the usage of one of the days was not read. */
  readonly apiPico: bigint | null
  readonly billedPico: bigint
  readonly ratio: number | null
  readonly unexplainedPico: bigint
}

/** Holds the estimate from the session logs against the provider's bill, UTC day by UTC day. */
export function reconcile(input: ReconcileInput, pricing: Pricing): Reconciled {
  const api = input.api.map((use) => priceApiUse(use, input.days[use.day] ?? 0, pricing))
  const local = input.local.map((use) => ({ ...use, model: pricing.name(use.model).model }))
  const days = input.days.map((day, index) =>
    reconcileDay(day, input, {
      local: local.filter((use) => use.day === index),
      api: input.usageCoverage.has(day) ? api.filter((use) => use.day === index) : null,
      billed: input.costCoverage.has(day) ? input.billed.filter((use) => use.day === index) : null,
    }),
  )
  return { days, totals: totalsOf(days) }
}

/** What is known of one day; null for a report that was not read. */
export interface DayFacts {
  readonly local: readonly LocalUse[]
  readonly api: readonly PricedUse[] | null
  readonly billed: readonly BilledUse[] | null
}

function reconcileDay(day: number, input: ReconcileInput, facts: DayFacts): ReconciledDay {
  const { local, api, billed } = facts
  const cost = input.costCoverage.get(day)
  const isSettled =
    cost !== undefined && cost.completeTo >= day + DAY_MS && cost.readAt >= day + DAY_MS + input.settleAfterMs
  const localPico = sum(local, ({ pico }) => pico)
  const billedPico = billed && sum(billed, ({ amountPico }) => amountPico)
  const reasons = findReasons(facts, isSettled)
  const explained = sum(reasons, ({ pico }) => pico ?? 0n)
  return {
    day,
    localPico,
    localTokens: sum(local, ({ tokens }) => tokens),
    apiPico: api && sum(api, ({ pico }) => pico),
    apiTokens: api && sum(api, ({ tokens }) => tokens),
    billedPico,
    ratio: ratioOf(localPico, billedPico),
    isSettled,
    reasons,
    unexplainedPico: billedPico === null ? null : beyondTolerance(localPico - billedPico - explained, billedPico),
    workspaces: workspacesOf(facts),
  }
}

function workspacesOf({ api, billed }: DayFacts): WorkspaceDay[] {
  const names = new Set([...(api ?? []), ...(billed ?? [])].map(({ workspace }) => workspace))
  return [...names].sort().map((workspace) => ({
    workspace,
    apiPico: api && sum(api, (use) => (use.workspace === workspace ? use.pico : 0n)),
    billedPico: billed && sum(billed, (use) => (use.workspace === workspace ? use.amountPico : 0n)),
  }))
}

function totalsOf(all: readonly ReconciledDay[]): ReconciledTotals {
  const days = all.filter(({ billedPico }) => billedPico !== null)
  const localPico = sum(days, (day) => day.localPico)
  const billedPico = sum(days, (day) => day.billedPico ?? 0n)
  const isUsageKnown = days.every(({ apiPico }) => apiPico !== null)
  return {
    days: days.length,
    settledDays: days.filter(({ isSettled }) => isSettled).length,
    localPico,
    apiPico: isUsageKnown && days.length > 0 ? sum(days, ({ apiPico }) => apiPico ?? 0n) : null,
    billedPico,
    ratio: ratioOf(localPico, billedPico),
    unexplainedPico: sum(days, ({ unexplainedPico }) => unexplainedPico ?? 0n),
  }
}

function beyondTolerance(pico: bigint, billedPico: bigint): bigint {
  const size = pico < 0n ? -pico : pico
  return size <= toleranceOf(billedPico) ? 0n : pico
}

function ratioOf(localPico: bigint, billedPico: bigint | null): number | null {
  return billedPico === null || billedPico <= 0n ? null : Number(localPico) / Number(billedPico)
}

function sum<T>(items: readonly T[], amount: (item: T) => bigint): bigint {
  return items.reduce((total, item) => total + amount(item), 0n)
}
