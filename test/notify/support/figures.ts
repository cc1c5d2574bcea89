import type { BudgetFigures } from '../../../src/budgets/figures.ts'
import type { Budget } from '../../../src/core/budget.ts'
import { PICO_PER_USD } from '../../../src/core/money.ts'
import { NO_ORGANIZATIONS } from '../../../src/view/organization/part.ts'
import { NO_OWNERS } from '../../../src/view/owners/part.ts'
import type { Snapshot } from '../../../src/view/snapshot.ts'
import { sampleSnapshot } from '../../metrics/sample-snapshot.ts'

export const NOW = Date.parse('2026-05-10T12:00:00Z')
export const USD = PICO_PER_USD

const MONTH = { start: Date.parse('2026-04-30T22:00:00Z'), end: Date.parse('2026-05-31T22:00:00Z') }

/** $50 a month in Berlin. */
export function budget(values: Partial<Budget> = {}): Budget {
  return {
    name: 'team',
    origin: 'configured',
    basis: 'estimated_cost',
    limit: 50n * USD,
    tokenClasses: ['input', 'cache_write_5m', 'cache_write_1h', 'output'],
    period: { kind: 'month', days: 0, weekStart: 1, billingDay: 1, timeZone: 'Europe/Berlin' },
    scope: {},
    warningRatio: 0.75,
    criticalRatio: 0.9,
    severity: 'critical',
    owner: 'ada',
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    maxDataAgeMs: 3_600_000,
    ...values,
  }
}

/** Nothing remarkable, unless told otherwise. */
export function figures(values: Partial<BudgetFigures> = {}): BudgetFigures {
  const of = values.budget ?? budget()
  const spent = values.spent === undefined ? 10n * USD : values.spent
  return {
    budget: of,
    period: MONTH,
    spent,
    remaining: spent === null ? null : of.limit - spent,
    usedRatio: spent === null ? null : Number(spent) / Number(of.limit),
    elapsedRatio: 0.3,
    state: 'ok',
    unknownReason: null,
    burnRate1h: 1,
    burnRate6h: 1,
    burnRate3d: 1,
    forecast: null,
    exhaustsAt: null,
    suggestedPerDay: null,
    forecastErrors: [],
    unpricedTokens: 0n,
    dataTo: NOW,
    ...values,
  }
}

/** A quiet exporter, unless told otherwise. */
export function snapshot(values: Partial<Snapshot> = {}): Snapshot {
  return {
    ...sampleSnapshot,
    at: NOW,
    timeZone: 'Europe/Berlin',
    budgets: [],
    balances: [],
    owners: NO_OWNERS,
    habits: [],
    active: [],
    organizations: NO_ORGANIZATIONS,
    ...values,
  }
}

export function spending(usd: number, of: Partial<Budget> = {}): Snapshot {
  return snapshot({ budgets: [figures({ budget: budget(of), spent: (BigInt(Math.round(usd * 100)) * USD) / 100n })] })
}

export function activeRow(values: Partial<Snapshot['active'][number]> = {}): Snapshot['active'][number] {
  return {
    source: 'claude-code',
    agent: 'none',
    project: 'shop',
    machine: null,
    sessions: 1,
    tokensPerMinuteMax: 1_000,
    unattendedRequestsMax: null,
    ...values,
  }
}

export function habitRow(values: Partial<Snapshot['habits'][number]> = {}): Snapshot['habits'][number] {
  return {
    kind: 'agent',
    source: 'openclaw',
    name: 'web',
    costLastHourPico: 0n,
    usualHourCostPico: USD,
    tokensPerMinute: 0,
    usualTokensPerMinute: 10_000,
    ...values,
  }
}
