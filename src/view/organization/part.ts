import type { Report } from '../../core/organization.ts'
import type { SyncResult } from '../../core/sync-run.ts'
import type { TokenTotals } from '../snapshot.ts'

/** Label set of the API usage families, in the names of the labels. */
export interface ApiUsageLabels {
  readonly organization: string
  readonly workspace_id: string
  readonly api_key_id: string
  readonly model: string
  readonly service_tier: string
  readonly context_window: string
}

export interface ApiUsageTotals {
  readonly labels: ApiUsageLabels
  readonly tokens: TokenTotals
  /** Null where the API has no count. */
  readonly requests: bigint | null
}

/** Label set of the billed cost families, in the names of the labels. */
export interface BilledLabels {
  readonly organization: string
  readonly workspace_id: string
  readonly api_key_id: string
  readonly model: string
  readonly cost_type: string
  readonly token_type: string
}

export interface BilledTotals {
  readonly labels: BilledLabels
  /** Pico-dollars; negative where corrections outweigh the rest. */
  readonly pico: bigint
}

/** What one person or key did with Claude Code, by the provider's own count. */
export interface ActorTotals {
  readonly labels: { readonly organization: string; readonly actor: string }
  readonly sessions: number
  readonly linesAdded: number
  readonly linesRemoved: number
  readonly commits: number
  readonly pullRequests: number
  readonly editsAccepted: number
  readonly editsRejected: number
  readonly models: readonly ActorModelCost[]
}

export interface ActorModelCost {
  readonly labels: { readonly organization: string; readonly actor: string; readonly model: string }
  /** Pico-dollars by the provider's estimate. */
  readonly pico: bigint
}

/** How well one report of an organisation is read. Times are epoch milliseconds. */
export interface ApiSourceHealth {
  /** As in the `source` label: `anthropic-usage`. */
  readonly source: string
  readonly report: Report
  /** Whether the newest run that came to an end by itself succeeded; null before any. */
  readonly up: boolean | null
  /** Result of that run. */
  readonly lastResult: SyncResult | null
  /** When the newest successful run ended. */
  readonly lastSuccess: number | null
  /** Until when data are complete without a gap; null where nothing is covered, and for the directory. */
  readonly watermark: number | null
  /** Everything before is settled, from the first of the previous month on; null where that first day is not. */
  readonly settled: number | null
}

export interface OrganizationInfo {
  readonly organization: string
  readonly organization_id: string
  readonly organization_name: string
}

export interface WorkspaceInfo {
  readonly organization: string
  readonly workspace_id: string
  readonly workspace_name: string
  readonly status: string
}

export interface ApiKeyInfo {
  readonly organization: string
  readonly api_key_id: string
  readonly api_key_name: string
  readonly workspace_id: string
  readonly status: string
}

export interface RateLimitRow {
  readonly labels: {
    readonly organization: string
    readonly workspace_id: string
    readonly group: string
    readonly limiter: string
  }
  readonly value: number
}

export interface SpendLimitRow {
  readonly labels: {
    readonly organization: string
    readonly spend_limit_id: string
    readonly scope: string
    readonly scope_id: string
    readonly period: string
  }
  /** Pico-dollars; null: no limit. */
  readonly limitPico: bigint | null
  /** Pico-dollars in the present period; null where the API does not tell. */
  readonly spentPico: bigint | null
}

/** The names and limits of an organisation; every list has each id once. */
export interface DirectoryPart {
  readonly info: OrganizationInfo | null
  readonly workspaces: readonly WorkspaceInfo[]
  readonly apiKeys: readonly ApiKeyInfo[]
  readonly rateLimits: readonly RateLimitRow[]
  readonly spendLimits: readonly SpendLimitRow[]
}

/**
 * What is known of one organisation. Windows are of the UTC calendar and null where they are not known. A known one
 * has every label set that occurred since the first of the previous month, at 0 where it has nothing in the window.
 */
export interface OrganizationFigures {
  readonly organization: string
  readonly usageToday: readonly ApiUsageTotals[] | null
  readonly usageMonthToDate: readonly ApiUsageTotals[] | null
  readonly billedToday: readonly BilledTotals[] | null
  readonly billedMonthToDate: readonly BilledTotals[] | null
  readonly billedPreviousMonth: readonly BilledTotals[] | null
  readonly claudeCodeMonthToDate: readonly ActorTotals[] | null
  readonly sources: readonly ApiSourceHealth[]
  /** False while the API refuses the credential or what it may read; null before any run. */
  readonly credentialsOk: boolean | null
  readonly directory: DirectoryPart
}

/** Metered use by the session logs beside what was billed, over the same seven settled UTC days. Pico-dollars. */
export interface Reconciliation {
  /** Epoch milliseconds, from inclusive, to exclusive. */
  readonly from: number
  readonly to: number
  readonly estimatedPico: bigint
  /** Of all organisations together. */
  readonly billedPico: bigint
}

export interface OrganizationPart {
  readonly organizations: readonly OrganizationFigures[]
  /** Null where no seven days are settled in every organisation. */
  readonly reconciliation: Reconciliation | null
}

export const NO_ORGANIZATIONS: OrganizationPart = { organizations: [], reconciliation: null }
