import type {
  ApiLabels,
  ApiUsageRow,
  BilledCostRow,
  ClaudeCodeModel,
  ClaudeCodeRow,
} from '../../../src/core/organization.ts'
import { HOUR_MS } from '../../../src/core/time.ts'
import type { Window } from '../../../src/ledger/organization.ts'

export const DAY_1 = Date.UTC(2026, 9, 1)
export const ALL_TIME = { from: 0, to: 10 ** 14 } as const

const LABELS: ApiLabels = {
  workspaceId: 'wrkspc_1',
  apiKeyId: 'apikey_1',
  model: 'claude-opus-4-8',
  serviceTier: 'standard',
  contextWindow: '0-200k',
}

export function usageRow(start: number, input: number, more: Partial<ApiUsageRow> = {}): ApiUsageRow {
  const tokens = { input, cacheWrite5m: 2, cacheWrite1h: 3, cacheRead: 4, output: 5 }
  return { ...LABELS, start, tokens, webSearches: 1, requests: 7, ...more }
}

export function costRow(start: number, amountPico: bigint, more: Partial<BilledCostRow> = {}): BilledCostRow {
  return {
    ...LABELS,
    start,
    costType: 'tokens',
    tokenType: 'output',
    description: '',
    amountPico,
    listPico: amountPico,
    ...more,
  }
}

export function claudeCodeModel(model: string, estimatedPico: bigint): ClaudeCodeModel {
  return { model, input: 1, output: 2, cacheRead: 3, cacheWrite: 4, estimatedPico }
}

export function claudeCodeRow(start: number, more: Partial<ClaudeCodeRow> = {}): ClaudeCodeRow {
  return {
    start,
    actorType: 'user',
    actor: 'ada@example.com',
    terminal: 'vscode',
    isRemote: false,
    customerType: 'api',
    subscriptionType: 'none',
    sessions: 1,
    linesAdded: 20,
    linesRemoved: 3,
    commits: 4,
    pullRequests: 5,
    editsAccepted: 6,
    editsRejected: 7,
    models: [claudeCodeModel('claude-opus-4-8', 1_500_000_000_001n)],
    ...more,
  }
}

/** A window of hours, complete up to its end. */
export function windowOf<Row>(
  from: number,
  to: number,
  rows: readonly Row[],
  more: Partial<Window<Row>> = {},
): Window<Row> {
  return {
    organization: 'default',
    generation: 'analytics',
    widthMs: HOUR_MS,
    from,
    to,
    completeTo: to,
    readAt: to,
    rows,
    ...more,
  }
}
