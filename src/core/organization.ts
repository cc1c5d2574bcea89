import { DAY_MS, HOUR_MS, MINUTE_MS } from './time.ts'
import type { TokenCounts } from './usage.ts'

/**
 * The two pairs of endpoints that tell of an organisation's usage and cost: `analytics` (`analytics/usage`,
 * `analytics/cost`, since October 2026) and `legacy` (`usage_report/messages`, `cost_report`).
 */
export const GENERATIONS = ['analytics', 'legacy'] as const
export type Generation = (typeof GENERATIONS)[number]

/** What is read from an organisation; each has a schedule and runs of its own. */
export const REPORTS = ['usage', 'cost', 'directory', 'claude-code'] as const
export type Report = (typeof REPORTS)[number]

/** Reports that come in buckets of time. */
export type BucketReport = Exclude<Report, 'directory'>

export const BUCKET_WIDTHS = ['1m', '1h', '1d'] as const
export type BucketWidth = (typeof BUCKET_WIDTHS)[number]

/** A UTC day: the provider knows no other. */

export const WIDTH_MS: Readonly<Record<BucketWidth, number>> = { '1m': MINUTE_MS, '1h': HOUR_MS, '1d': DAY_MS }

/** Name of the organisation whose key stands directly under `admin_api`, unless it is given another. */
export const DEFAULT_ORGANIZATION = 'default'
/** The workspace of the legacy pair that has no id of its own and is in no list of workspaces. */
export const DEFAULT_WORKSPACE = { id: 'default', name: 'Default' } as const

/** Value of the `source` label and name of the runs: `anthropic-usage`, or `anthropic-usage:acme` for a named one. */
export function apiSource(organization: string, report: Report): string {
  const source = `anthropic-${report}`
  return organization === DEFAULT_ORGANIZATION ? source : `${source}:${organization}`
}

/**
 * Who used what. A dimension that the API leaves null is a word: `default` (the default workspace, in the legacy pair),
 * `none` (no key, no model, no tier, no window), `unknown` (the endpoint does not tell).
 */
export interface ApiLabels {
  readonly workspaceId: string
  readonly apiKeyId: string
  readonly model: string
  readonly serviceTier: string
  readonly contextWindow: string
}

/** Tokens of one bucket and label set. At most one row per bucket and label set. */
export interface ApiUsageRow extends ApiLabels {
  /** Start of the bucket, epoch milliseconds. */
  readonly start: number
  readonly tokens: TokenCounts
  readonly webSearches: number
  /** Null where the API has no count (legacy). */
  readonly requests: number | null
}

/** What the provider billed for one bucket and label set. At most one row per bucket and label set. */
export interface BilledCostRow extends ApiLabels {
  /** Start of the bucket, epoch milliseconds. */
  readonly start: number
  /** `tokens`, `web_search`, `code_execution`, `session_usage`; an open set, `none` where the API gives none. */
  readonly costType: string
  /** A TokenClass; `none` for costs that are not of tokens; the API's word for a class this program does not know. */
  readonly tokenType: string
  /** Free text of the legacy pair, part of its row key; `''` in the analytics pair. */
  readonly description: string
  /** Pico-dollars after discount, before credits. Negative for a correction. */
  readonly amountPico: bigint
  /** Pico-dollars before discount; null where the API does not tell (legacy). */
  readonly listPico: bigint | null
}

/** What one person (or key) did with Claude Code on one UTC day in one kind of terminal, by the provider's own count. */
export interface ClaudeCodeRow {
  /** Start of the day, epoch milliseconds. */
  readonly start: number
  readonly actorType: 'user' | 'api_key'
  /** E-mail address, or name of the key. */
  readonly actor: string
  readonly terminal: string
  readonly isRemote: boolean
  readonly customerType: string
  /** `none` where the API gives none. */
  readonly subscriptionType: string
  readonly sessions: number
  readonly linesAdded: number
  readonly linesRemoved: number
  readonly commits: number
  readonly pullRequests: number
  /** Edits of files that were offered and accepted or rejected, all tools together. */
  readonly editsAccepted: number
  readonly editsRejected: number
  readonly models: readonly ClaudeCodeModel[]
}

export interface ClaudeCodeModel {
  readonly model: string
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  /** Not split by lifetime in this report. */
  readonly cacheWrite: number
  /** Pico-dollars by the provider's estimate; not a bill. */
  readonly estimatedPico: bigint
}

/** Names and limits of an organisation as they are now. */
export interface Directory {
  readonly id: string
  readonly name: string
  readonly workspaces: readonly WorkspaceName[]
  readonly apiKeys: readonly ApiKeyName[]
  readonly rateLimits: readonly RateLimit[]
  /** Null where the organisation cannot see them. */
  readonly spendLimits: readonly SpendLimit[] | null
}

export interface WorkspaceName {
  readonly id: string
  readonly name: string
  /** `deleted`: known from earlier, no longer listed. */
  readonly status: 'active' | 'archived' | 'deleted'
}

export interface ApiKeyName {
  readonly id: string
  readonly name: string
  /** `active`, `inactive`, `archived`, `expired`; an open set. */
  readonly status: string
  /** `none` for a key of the whole organisation. */
  readonly workspaceId: string
}

export interface RateLimit {
  /** `none` for a limit of the whole organisation. */
  readonly workspaceId: string
  /** What the limit applies to: the display name of a model group, or a group type such as `batch`. */
  readonly group: string
  /** For example `requests_per_minute`. */
  readonly limiter: string
  readonly value: number
}

export interface SpendLimit {
  readonly id: string
  /** `organization`, `workspace`, `usage_tier`, ...; an open set. */
  readonly scope: string
  /** What within the scope: a workspace or user id; `none` for the whole organisation. */
  readonly scopeId: string
  /** `daily`, `weekly`, `monthly`; an open set. */
  readonly period: string
  /** Pico-dollars; null: no limit. */
  readonly limitPico: bigint | null
  /** Pico-dollars spent in the present period; null where the API does not tell. */
  readonly spentPico: bigint | null
}
