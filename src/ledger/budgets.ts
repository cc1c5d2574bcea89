import type { BudgetUnit, Crossing } from '../core/budget.ts'

/** The limit that was in force in a period. The newest word on a period that runs, the last word on one that is over. */
export interface StoredPeriod {
  readonly budget: string
  /** Epoch milliseconds. */
  readonly start: number
  readonly end: number
  readonly unit: BudgetUnit
  /** Pico-dollars or tokens. */
  readonly limit: bigint
}

/** A threshold passed, kept once per period. */
export interface StoredCrossing {
  readonly budget: string
  readonly periodStart: number
  readonly crossing: Crossing
  /** When it was noticed, epoch milliseconds. */
  readonly at: number
  readonly spent: bigint
  readonly limit: bigint
}

/** What was forecast for a period when a step of it had passed. */
export interface StoredForecast {
  readonly budget: string
  readonly periodStart: number
  readonly periodEnd: number
  /** One of FORECAST_STEPS. */
  readonly step: number
  readonly at: number
  readonly expected: bigint
}

export interface BudgetQuery {
  readonly budget?: string
  /** Only periods that begin at this instant or later, epoch milliseconds. */
  readonly since?: number
}

/** What the ledger keeps of budgets. All methods may reject with LedgerError. */
export interface BudgetLedger {
  savePeriod(period: StoredPeriod): Promise<void>
  /** False when the crossing is known for the period. */
  addCrossing(crossing: StoredCrossing): Promise<boolean>
  /** False when a forecast is known for the step of the period. */
  addForecast(forecast: StoredForecast): Promise<boolean>
  /** Ascending by budget and period. */
  budgetPeriods(query: BudgetQuery): Promise<readonly StoredPeriod[]>
  crossings(query: BudgetQuery): Promise<readonly StoredCrossing[]>
  forecasts(query: BudgetQuery): Promise<readonly StoredForecast[]>

  /** Remembers that a message is being sent. False when it has been, so that nobody is told twice. */
  claimNotice(key: string, at: number): Promise<boolean>
  /** Takes the claim back: sending failed. */
  releaseNotice(key: string): Promise<void>
  /** Forgets messages claimed before the instant. Tells how many. */
  pruneNotices(before: number): Promise<number>
}

/** One bucket of an organisation's report, all matching rows together. */
export interface BilledBucket {
  readonly start: number
  readonly widthMs: number
  readonly amountPico: bigint
}

export interface UsageBucket {
  readonly start: number
  readonly widthMs: number
  /** In the order of TOKEN_CLASSES. */
  readonly tokens: readonly [bigint, bigint, bigint, bigint, bigint]
}

/** The dimensions of an organisation's row that a budget can be limited to. Ids as the API gives them. */
export interface ApiLabel {
  readonly organization: string
  readonly workspace: string
  readonly apiKey: string
  readonly model: string
}

export interface BucketQuery {
  /** Buckets that begin within the range, epoch milliseconds. */
  readonly from: number
  readonly to: number
  readonly matches: (label: ApiLabel) => boolean
}
