import type { TokenClass } from './usage.ts'

/** What a budget can be over. The last two are known only with an organisation's API. */
export const BUDGET_BASES = ['estimated_cost', 'plan_value', 'session_tokens', 'billed_cost', 'api_tokens'] as const
export type BudgetBasis = (typeof BUDGET_BASES)[number]

export type BudgetUnit = 'usd' | 'tokens'

export function unitOf(basis: BudgetBasis): BudgetUnit {
  return basis === 'session_tokens' || basis === 'api_tokens' ? 'tokens' : 'usd'
}

/** True for what the provider tells, false for what session logs tell. */
export function isOfOrganization(basis: BudgetBasis): boolean {
  return basis === 'billed_cost' || basis === 'api_tokens'
}

/** Labels that a scope may name, by where the amounts come from. */
export const SESSION_SCOPE = ['source', 'agent', 'project', 'provider', 'model', 'machine'] as const
export const ORGANIZATION_SCOPE = ['organization', 'workspace', 'api_key', 'model'] as const
export type ScopeLabel = (typeof SESSION_SCOPE)[number] | (typeof ORGANIZATION_SCOPE)[number]

/** What is counted: every label named must match one of its patterns, in which `*` stands for any text. */
export type BudgetScope = Readonly<Partial<Record<ScopeLabel, readonly string[]>>>

export const PERIOD_KINDS = ['hour', 'day', 'week', 'month', 'quarter', 'rolling'] as const
export type PeriodKind = (typeof PERIOD_KINDS)[number]

/** How periods follow each other. All but `rolling` divide time without gap or overlap. */
export interface PeriodRule {
  readonly kind: PeriodKind
  /** Length in days of 24 hours, for `rolling`; otherwise 0. */
  readonly days: number
  /** First day of a week, 1 Monday to 7 Sunday. */
  readonly weekStart: number
  /** Day on which months and quarters begin, 1 to 31; in a month without it, its last day. */
  readonly billingDay: number
  /** IANA zone whose midnights begin a period. */
  readonly timeZone: string
}

/** Epoch milliseconds, start inclusive, end exclusive. */
export interface Period {
  readonly start: number
  readonly end: number
}

/** One version of a budget. A changed budget has several of the same name, whose times in force do not overlap. */
export interface Budget {
  readonly name: string
  /** `official`: a limit the provider itself enforces. */
  readonly origin: 'configured' | 'official'
  readonly basis: BudgetBasis
  /** More than 0. Pico-dollars or tokens, as `unitOf(basis)` says. */
  readonly limit: bigint
  /** Classes that count towards a limit of tokens, in the order of TOKEN_CLASSES. */
  readonly tokenClasses: readonly TokenClass[]
  readonly period: PeriodRule
  readonly scope: BudgetScope
  /** Used ratios from which on it is `warning` and `critical`. */
  readonly warningRatio: number
  readonly criticalRatio: number
  /** The most serious alert it may raise. */
  readonly severity: 'warning' | 'critical'
  /** Who answers for it; `none` where nobody is named. */
  readonly owner: string
  /** In force from `since` (inclusive) to `until` (exclusive), epoch milliseconds; may be infinite. */
  readonly since: number
  readonly until: number
  /** Data older than this make its state `unknown`, milliseconds. */
  readonly maxDataAgeMs: number
}

export const BUDGET_STATES = ['ok', 'warning', 'critical', 'exceeded', 'unknown'] as const
export type BudgetState = (typeof BUDGET_STATES)[number]

/** Why the state of a budget is unknown. */
export const UNKNOWN_REASONS = [
  /** The history of the logs is still being read. */
  'loading',
  /** The ledger cannot be written, so that what is used now is not counted. */
  'ledger_failing',
  /** No log in its scope can be read. */
  'source_unreadable',
  /** What is known is older than it may be. */
  'stale',
  /** The provider's data do not cover the whole period so far. */
  'not_covered',
  /** The provider's buckets lie across the ends of the period: read shorter buckets, or use UTC. */
  'misaligned',
] as const
export type UnknownReason = (typeof UNKNOWN_REASONS)[number]

/** Steps of a period at which its forecast is kept, as elapsed ratio, to be compared with what it became. */
export const FORECAST_STEPS = [0.25, 0.5, 0.75] as const

/** What is recorded once per period. */
export const CROSSINGS = ['warning', 'critical', 'exceeded'] as const
export type Crossing = (typeof CROSSINGS)[number]

/** The used ratio at which a crossing happens. */
export function crossingRatio(budget: Pick<Budget, 'warningRatio' | 'criticalRatio'>, crossing: Crossing): number {
  if (crossing === 'warning') return budget.warningRatio
  return crossing === 'critical' ? budget.criticalRatio : 1
}

/** Money put in beforehand. */
export interface TopUp {
  readonly organization: string
  /** Start of the UTC day it was paid, epoch milliseconds. */
  readonly day: number
  readonly pico: bigint
}
