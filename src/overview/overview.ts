import type { BudgetsDocument } from '../api/schema/budgets.ts'
import type { ClaudeUsageDocument } from '../api/schema/claude-usage.ts'
import type {
  AgentsDocument,
  MachinesDocument,
  ModelsDocument,
  ProjectsDocument,
  RunsDocument,
  SessionsDocument,
  SourcesDocument,
} from '../api/schema/lists.ts'
import type { AdviceDocument, AlertsDocument, WindowsDocument } from '../api/schema/now.ts'
import type { StatusDocument } from '../api/schema/status.ts'
import type { SummaryDocument } from '../api/schema/usage.ts'

/** Local days that the trend is over, today included. */
export const TREND_DAYS = 30
/** Local days that lists are over, today included. */
export const LIST_DAYS = 7

/**
 * Everything the page and the written reports show: the documents of the API as of one moment, so that no figure can
 * differ from theirs.
 */
export interface Overview {
  /** Epoch milliseconds. */
  readonly at: number
  readonly timeZone: string
  readonly version: string
  /** Use today, in the last 7 days and this month; freshness. */
  readonly status: StatusDocument
  /** Of the last TREND_DAYS days. */
  readonly summary: SummaryDocument
  /** The same per day over all providers, the oldest first; empty while history is loaded. */
  readonly days: readonly OverviewDay[]
  readonly budgets: BudgetsDocument
  /** The most expensive ones of the last LIST_DAYS days, as many as a page of the API has. */
  readonly agents: AgentsDocument
  readonly models: ModelsDocument
  readonly projects: ProjectsDocument
  readonly sessions: SessionsDocument
  /** All that write the ledger, the most expensive ones first. */
  readonly machines: MachinesDocument
  readonly windows: WindowsDocument
  readonly alerts: AlertsDocument
  readonly advice: AdviceDocument
  readonly sources: SourcesDocument
  /** The newest ones. */
  readonly runs: RunsDocument
  /** The document of older scripts. */
  readonly claudeUsage: ClaudeUsageDocument
}

export interface OverviewDay {
  /** Such as `2026-05-04`. */
  readonly day: string
  readonly estimatedCostUsd: number
  readonly planValueUsd: number
  readonly tokens: number
  readonly requests: number
}
