import type { BalanceFigures, BudgetFigures } from '../budgets/figures.ts'
import type { AlertThresholdValues } from '../core/alert-thresholds.ts'
import type { PlanWindow } from '../core/plan-window.ts'
import type { RootStatus, TailMode } from '../core/status.ts'
import type { RejectReason, SourceName, TokenClass } from '../core/usage.ts'
import type { MachineRow } from '../ledger/machines.ts'
import type { OrganizationPart } from './organization/part.ts'
import type { OwnersPart } from './owners/part.ts'

/** The label set `S` of the session families. */
export interface UsageLabels {
  readonly source: string
  readonly agent: string
  readonly project: string
  readonly provider: string
  readonly model: string
  /** Whose logs told of it first; null where machines are not told apart. */
  readonly machine: string | null
}

/** Tokens per class in the order of TOKEN_CLASSES. */
export type TokenTotals = readonly [bigint, bigint, bigint, bigint, bigint]

export interface UsageTotals {
  readonly tokens: TokenTotals
  readonly requests: bigint
  /** Pico-dollars of metered use. */
  readonly estimatedPico: bigint
  /** Pico-dollars of use a plan covers. */
  readonly planPico: bigint
}

/** Sums since the ledger began, settled responses only; none of them ever falls while the ledger lives. */
export interface CounterRow extends UsageTotals {
  readonly labels: UsageLabels
  readonly cacheReadSavingsPico: bigint
  readonly cacheWritePremiumPico: bigint
  readonly webSearches: bigint
  /** What later corrections would have taken away. Net use = the counter less this. */
  readonly reversedTokens: TokenTotals
  readonly reversedPico: bigint
}

export interface WindowRow extends UsageTotals {
  readonly labels: UsageLabels
}

export interface SourceHealth {
  readonly source: SourceName
  readonly up: boolean
  readonly roots: readonly RootStatus[]
  readonly streams: number
  readonly tailMode: TailMode
  readonly lines: number
  readonly bytes: number
  readonly rejected: Readonly<Partial<Record<RejectReason, number>>>
  /** Lines that told of a response already known. */
  readonly duplicates: number
  /** Epoch milliseconds; null before the first. */
  readonly lastSuccess: number | null
  /** Newest response time in the ledger, epoch milliseconds. */
  readonly watermark: number | null
}

/**
 * What an agent or a project does now, beside what is usual for it. Money is estimated cost of metered use in
 * pico-dollars, tokens are of all classes but cache reads.
 */
export interface HabitRow {
  readonly kind: 'agent' | 'project'
  /** `''` for projects, which all sources share. */
  readonly source: string
  /** As shown in the label. */
  readonly name: string
  /** Of the quarter of an hour that runs and the four before it. */
  readonly costLastHourPico: bigint
  /** Mean of the same local time of the week in the past 4 weeks; null with less than 2 weeks of history. */
  readonly usualHourCostPico: bigint | null
  /** Mean of the last 5 minutes. */
  readonly tokensPerMinute: number
  /** Mean of the quarters of an hour with any use in the past 28 days; null with fewer than 8 of them. */
  readonly usualTokensPerMinute: number | null
}

/** Source as in the `source` label and when its next run is due, epoch milliseconds. */
export type NextRun = readonly [source: string, at: number]

/** Everything `/metrics`, the API and the page show, taken at one instant. Immutable. */
export interface Snapshot {
  /** Epoch milliseconds. */
  readonly at: number
  /** Changes whenever anything below does. */
  readonly version: number
  /**
   * False until the history found at the first start is in the ledger: until then the session counters are left out,
   * because a counter that grows while history loads looks like spending.
   */
  readonly complete: boolean
  readonly timeZone: string
  readonly counters: readonly CounterRow[]
  readonly today: readonly WindowRow[]
  readonly last7Days: readonly WindowRow[]
  readonly monthToDate: readonly WindowRow[]
  readonly unpriced: readonly { readonly provider: string; readonly model: string; readonly tokens: bigint }[]
  readonly unlogged: readonly {
    readonly source: string
    readonly project: string
    readonly model: string
    readonly tokens: TokenTotals
    readonly costPico: bigint
  }[]
  readonly perSource: readonly {
    readonly source: string
    readonly unfinal: bigint
    readonly noUsage: bigint
    readonly errors: bigint
    readonly unreconciled: bigint
    readonly unsplitTokens: bigint
  }[]
  readonly sessionsStarted: readonly {
    readonly source: string
    readonly agent: string
    readonly project: string
    readonly machine: string | null
    readonly sessions: bigint
  }[]
  readonly active: readonly {
    readonly source: string
    readonly agent: string
    readonly project: string
    readonly machine: string | null
    readonly sessions: number
    /** Tokens per minute of the fastest of them over the last 5 minutes. */
    readonly tokensPerMinuteMax: number
    /** Most requests of one of them since its last human turn; null while no human turn of any of them is known. */
    readonly unattendedRequestsMax: number | null
  }[]
  readonly modelInUse: readonly {
    readonly source: string
    readonly agent: string
    readonly model: string
    readonly machine: string | null
  }[]
  readonly prices: readonly { readonly model: string; readonly tokenClass: TokenClass; readonly pico: number }[]
  readonly sources: readonly SourceHealth[]
  /** What the provider itself says; known also while history is loaded. */
  readonly organizations: OrganizationPart
  /** Known also while history is loaded, but then without what follows from session logs. */
  readonly budgets: readonly BudgetFigures[]
  readonly balances: readonly BalanceFigures[]
  /** Who is charged, and what for this month so far. */
  readonly owners: OwnersPart
  readonly habits: readonly HabitRow[]
  /** Limits of subscriptions that hold now; known also while history is loaded. */
  readonly planWindows: readonly PlanWindow[]
  /** What the alert rules compare with. */
  readonly alertThresholds: AlertThresholdValues
  /** When the next run over a source is due. */
  readonly nextRuns: readonly NextRun[]
  readonly ledger: {
    readonly up: boolean
    readonly sizeBytes: number
    /** Failed transactions since start, by what the failure was. */
    readonly errors: Readonly<Record<string, number>>
    /** Responses whose numbers are not published as counters yet. */
    readonly held: number
  }
  /** Null for a ledger that no other program writes. */
  readonly sharedLedger: {
    /** Since when its server cannot be reached, epoch milliseconds; null while it can. */
    readonly awaySince: number | null
  } | null
  /** The machines that write the ledger, sorted by name; empty where there is one and the ledger is not shared. */
  readonly machines: readonly MachineRow[]
  readonly series: {
    readonly limit: number
    /** Label sets folded into `other`, since the ledger began. */
    readonly folded: number
  }
}
