import type { BudgetFigures } from '../../src/budgets/figures.ts'
import type { Budget, PeriodRule, TopUp } from '../../src/core/budget.ts'
import type { UsageRecord } from '../../src/core/usage.ts'
import type { Delta, Ledger } from '../../src/ledger/ledger.ts'
import { BudgetView } from '../../src/view/budget-view.ts'
import type { SessionData } from '../../src/view/budgets/session-data.ts'
import type { SourceHealth } from '../../src/view/snapshot.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const USD = 1_000_000_000_000n

export function period(kind: PeriodRule['kind'], fields: Partial<PeriodRule> = {}): PeriodRule {
  return { kind, days: 0, weekStart: 1, billingDay: 1, timeZone: 'UTC', ...fields }
}

/** A daily budget of 100 dollars over everything metered, in UTC. */
export function budget(fields: Partial<Budget> = {}): Budget {
  return {
    name: 'daily',
    origin: 'configured',
    basis: 'estimated_cost',
    limit: 100n * USD,
    tokenClasses: [],
    period: period('day'),
    scope: {},
    warningRatio: 0.75,
    criticalRatio: 0.9,
    severity: 'critical',
    owner: 'none',
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    maxDataAgeMs: 15 * MINUTE_MS,
    ...fields,
  }
}

export function sourceHealth(fields: Partial<SourceHealth> = {}): SourceHealth {
  return {
    source: 'claude-code',
    up: true,
    roots: [{ path: '/logs', state: 'ok', problem: null }],
    streams: 1,
    tailMode: 'events',
    lines: 0,
    bytes: 0,
    rejected: {},
    duplicates: 0,
    lastSuccess: null,
    watermark: null,
    ...fields,
  }
}

/** Logs that are loaded and followed. */
export function sessionData(fields: Partial<SessionData> = {}): SessionData {
  return {
    complete: true,
    sources: [sourceHealth()],
    ledger: { up: true, sizeBytes: 0, errors: {}, held: 0 },
    ...fields,
  }
}

let identities = 0
let exporters = 0

/** A response of so many thousand output tokens, each of 2.5 cents. */
export function spend(time: number, thousands: number, fields: Partial<UsageRecord> = {}): UsageRecord {
  identities += 1
  return usageRecord({
    identity: `m:${identities}`,
    time,
    parts: [usagePart({ output: thousands * 1_000 })],
    ...fields,
  })
}

export interface Setup {
  readonly budgets?: readonly Budget[]
  readonly topUps?: readonly TopUp[]
  readonly now: number
  readonly ledger?: Ledger
  readonly organizations?: readonly string[]
}

/** A view of a ledger, with a clock and logs that tests can change. */
export class Exporter {
  readonly ledger: Ledger
  readonly #setup: Setup
  readonly view: BudgetView
  now: number
  sessions = sessionData()
  /** Nobody else reads the same file. */
  readonly #stream: string
  #cursor: string | null = null

  constructor(setup: Setup) {
    const { budgets = [], topUps = [], now, ledger = tempLedger(), organizations } = setup
    this.#setup = setup
    this.ledger = ledger
    this.now = now
    exporters += 1
    this.#stream = `f${exporters}`
    this.view = new BudgetView({
      budgets,
      topUps,
      now: () => this.now,
      minElapsedRatio: 0.1,
      sessions: () => this.sessions,
      ...(organizations && { organizations: () => organizations }),
    })
  }

  async append(records: readonly UsageRecord[], options: { live?: boolean } = {}): Promise<Delta> {
    const { live = true } = options
    const stream = this.#stream
    const cursor = String(Number(this.#cursor ?? 0) + 1)
    const batch = sourceBatch(records, { expected: this.#cursor, cursor, stream, path: `${stream}.jsonl` })
    this.#cursor = cursor
    const delta = await appendBatches(this.ledger, [batch], { live, now: this.now })
    this.view.apply(delta)
    return delta
  }

  figures(name = 'daily'): BudgetFigures {
    const found = this.view.part().budgets.find((row) => row.budget.name === name)
    if (found === undefined) throw new Error(`no budget ${name}`)
    return found
  }

  /** Another process on the same ledger, at the same time. */
  async restarted(changes: Partial<Setup> = {}): Promise<Exporter> {
    const next = new Exporter({ ...this.#setup, ledger: this.ledger, now: this.now, ...changes })
    next.sessions = this.sessions
    await next.view.load(this.ledger)
    return next
  }
}
