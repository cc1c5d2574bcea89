import type { BudgetFigures } from '../budgets/figures.ts'
import type { AlertThresholdValues } from '../core/alert-thresholds.ts'
import type { Totals } from '../report/totals.ts'
import type { Snapshot } from '../view/snapshot.ts'

/** What a piece of advice is about; the first part of its id. */
export const ADVICE_KINDS = [
  'stop_session',
  'spend_less_per_day',
  'cheaper_model',
  'cache_reads',
  'cache_writes',
  'long_sessions',
  'set_price',
] as const
export type AdviceKind = (typeof ADVICE_KINDS)[number]

/** Something to do, computed from what was used. */
export interface Advice {
  /** The same while it is about the same thing. */
  readonly id: string
  readonly kind: AdviceKind
  /** `now`: money runs out or away; `consider`: it would cost less. */
  readonly urgency: 'now' | 'consider'
  /** What to do, one sentence with the names it is about. Names from outside are as they are: escape them. */
  readonly title: string
  /** Why, with figures, and what speaks against it. */
  readonly detail: string
  /** Pico-dollars in 30 days at the pace of the last 7, rounded down; null where no amount follows. Metered use only. */
  readonly savingPico: bigint | null
  /** The same of use that a plan covers: nobody pays less, but the plan lasts longer. Null where there is none. */
  readonly planValuePico: bigint | null
  /** How the amount, or another figure of the detail, comes about, with its numbers; null without one. */
  readonly formula: string | null
  /** What it is about, by the names of the labels. */
  readonly labels: Readonly<Record<string, string>>
}

/** Use of one combination of names in a range. */
export interface AdviceUsage {
  readonly source: string
  readonly agent: string
  readonly project: string
  readonly provider: string
  readonly model: string
  /** Local days since it was last seen in the range; 0 is today. */
  readonly daysAgo: number
  readonly totals: Totals
}

/** Everything that advice follows from. */
export interface AdviceInput
  extends Pick<Snapshot, 'prices' | 'active' | 'habits' | 'unpriced' | 'modelInUse' | 'planWindows'> {
  /** Epoch milliseconds. */
  readonly at: number
  readonly timeZone: string
  /** From the first response of the ledger to `at`, milliseconds: nothing is known of the days before. */
  readonly historyMs: number
  readonly budgets: readonly BudgetFigures[]
  readonly thresholds: AlertThresholdValues
  /** Of the last 7 days. */
  readonly last7Days: readonly AdviceUsage[]
  /** Of the 7 days before those. */
  readonly before: readonly AdviceUsage[]
  /** The most expensive sessions of the last 7 days, of metered use and of plans. */
  readonly sessions: readonly AdviceSession[]
}

export interface AdviceSession {
  readonly source: string
  readonly session: string
  readonly agent: string
  readonly project: string
  /** From its first to its last response, milliseconds. */
  readonly durationMs: number
  /** Local days since its last response; 0 is today. */
  readonly daysAgo: number
  /** What it used in the last 7 days, by model. */
  readonly models: readonly { readonly model: string; readonly totals: Totals }[]
}
