import { DEFAULT_THRESHOLDS } from '../../src/core/alert-thresholds.ts'
import type { CounterRow, Snapshot, TokenTotals, UsageLabels, WindowRow } from '../../src/view/snapshot.ts'
import { sampleBalances, sampleBudgets, sampleHabits } from './sample-budgets.ts'
import { sampleOrganizations } from './sample-organizations.ts'
import { sampleOwners } from './sample-owners.ts'

const NO_TOKENS: TokenTotals = [0n, 0n, 0n, 0n, 0n]

const metered: UsageLabels = {
  source: 'claude-code',
  agent: 'none',
  project: 'shop',
  provider: 'anthropic',
  model: 'claude-opus-4-5',
  machine: null,
}
const covered: UsageLabels = {
  source: 'pi',
  agent: 'none',
  project: 'blog',
  provider: 'unknown',
  model: 'house-model',
  machine: null,
}

/** A small exporter: one project that is paid for, and one that a plan covers and whose model has no price. */
export const sampleSnapshot: Snapshot = {
  at: Date.UTC(2025, 5, 15, 12),
  version: 1,
  complete: true,
  timeZone: 'Europe/Berlin',
  counters: [
    counterRow(metered, {
      // Beyond 2^53, where a float would round it.
      tokens: [9_007_199_254_740_993n, 2_000n, 3_000n, 40_000n, 500n],
      requests: 12n,
      estimatedPico: 45_036_123_456_789_012n,
      cacheReadSavingsPico: 180_000_000n,
      cacheWritePremiumPico: 12_500_000n,
      webSearches: 3n,
      reversedTokens: [0n, 0n, 0n, 0n, 7n],
      reversedPico: 175_000_000n,
    }),
    counterRow(covered, { tokens: [10n, 0n, 0n, 0n, 20n], requests: 1n, planPico: 1n }),
  ],
  today: [windowRow(metered, [100n, 0n, 100n, 600n, 50n], 1_500_000_000_000n), windowRow(covered, NO_TOKENS, 0n)],
  last7Days: [windowRow(metered, [200n, 0n, 0n, 200n, 60n], 2_250_000_000_000n)],
  monthToDate: [windowRow(metered, [300n, 100n, 0n, 800n, 70n], 3n)],
  unpriced: [{ provider: 'unknown', model: 'house-model', tokens: 30n }],
  unlogged: [
    { source: 'claude-code', project: 'shop', model: 'claude-haiku-4-5', tokens: [5n, 0n, 0n, 6n, 7n], costPico: 44n },
  ],
  perSource: [{ source: 'claude-code', unfinal: 1n, noUsage: 2n, errors: 3n, unreconciled: 4n, unsplitTokens: 5n }],
  sessionsStarted: [{ source: 'claude-code', agent: 'none', project: 'shop', machine: null, sessions: 4n }],
  active: [
    {
      source: 'claude-code',
      agent: 'none',
      project: 'shop',
      machine: null,
      sessions: 2,
      tokensPerMinuteMax: 1234.5,
      unattendedRequestsMax: 42,
    },
  ],
  modelInUse: [{ source: 'claude-code', agent: 'none', model: 'claude-opus-4-5', machine: null }],
  prices: [
    { model: 'claude-opus-4-5', tokenClass: 'input', pico: 5_000_000 },
    { model: 'claude-opus-4-5', tokenClass: 'output', pico: 25_000_000 },
  ],
  sources: [
    {
      source: 'claude-code',
      up: true,
      roots: [{ path: '/home/ada/.claude/projects', state: 'ok', problem: null }],
      streams: 9,
      tailMode: 'events',
      lines: 1_000,
      bytes: 2_000_000,
      rejected: { malformed: 2, oversize: 1 },
      duplicates: 17,
      lastSuccess: Date.UTC(2025, 5, 15, 11, 59, 59, 250),
      watermark: Date.UTC(2025, 5, 15, 11),
    },
    {
      source: 'pi',
      up: false,
      roots: [],
      streams: 0,
      tailMode: 'polling',
      lines: 0,
      bytes: 0,
      rejected: {},
      duplicates: 0,
      lastSuccess: null,
      watermark: null,
    },
  ],
  organizations: sampleOrganizations,
  budgets: sampleBudgets,
  balances: sampleBalances,
  owners: sampleOwners,
  habits: sampleHabits,
  planWindows: [
    {
      account: 'default',
      window: '5h',
      usedRatio: 1.02,
      resetsAt: Date.UTC(2025, 5, 15, 14),
      observedAt: Date.UTC(2025, 5, 15, 11, 59, 30, 500),
      origin: 'statusline',
    },
    {
      account: 'work',
      window: 'seven_day_opus',
      usedRatio: 0.235,
      resetsAt: null,
      observedAt: Date.UTC(2025, 5, 15, 11),
      origin: 'statusline',
    },
  ],
  alertThresholds: DEFAULT_THRESHOLDS,
  nextRuns: [['anthropic-usage', Date.UTC(2025, 5, 15, 12, 5)]],
  ledger: { up: true, sizeBytes: 4_096, errors: { full: 1 }, held: 2 },
  sharedLedger: null,
  machines: [],
  series: { limit: 10_000, folded: 3 },
}

export function counterRow(labels: UsageLabels, values: Partial<CounterRow> = {}): CounterRow {
  return {
    labels,
    tokens: NO_TOKENS,
    requests: 0n,
    estimatedPico: 0n,
    planPico: 0n,
    cacheReadSavingsPico: 0n,
    cacheWritePremiumPico: 0n,
    webSearches: 0n,
    reversedTokens: NO_TOKENS,
    reversedPico: 0n,
    ...values,
  }
}

/** `labels` with parts of their own. */
export function usageLabels(labels: Partial<UsageLabels>): UsageLabels {
  return { ...metered, ...labels }
}

function windowRow(labels: UsageLabels, tokens: TokenTotals, estimatedPico: bigint): WindowRow {
  return { labels, tokens, requests: 1n, estimatedPico, planPico: 0n }
}
