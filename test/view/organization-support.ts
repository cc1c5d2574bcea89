import type { ApiUsageRow, BilledCostRow, ClaudeCodeRow, Directory } from '../../src/core/organization.ts'
import { NO_CHANGES, type SyncRun } from '../../src/core/sync-run.ts'
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { Window } from '../../src/ledger/organization.ts'

export const TODAY = Date.parse('2026-11-15T00:00:00Z')
export const NOW = TODAY + 10 * HOUR_MS
export const MONTH = Date.parse('2026-11-01T00:00:00Z')
export const PREVIOUS_MONTH = Date.parse('2026-10-01T00:00:00Z')

export const day = (text: string) => Date.parse(`${text}T00:00:00Z`)

export function usageRow(start: number, fields: Partial<ApiUsageRow> = {}): ApiUsageRow {
  return {
    start,
    workspaceId: 'wrkspc_01',
    apiKeyId: 'apikey_01',
    model: 'claude-opus-4-5',
    serviceTier: 'standard',
    contextWindow: '0-200k',
    tokens: { input: 1, cacheWrite5m: 2, cacheWrite1h: 3, cacheRead: 4, output: 5 },
    webSearches: 0,
    requests: 1,
    ...fields,
  }
}

export function costRow(start: number, fields: Partial<BilledCostRow> = {}): BilledCostRow {
  return {
    start,
    workspaceId: 'wrkspc_01',
    apiKeyId: 'apikey_01',
    model: 'claude-opus-4-5',
    serviceTier: 'standard',
    contextWindow: '0-200k',
    costType: 'tokens',
    tokenType: 'output',
    description: '',
    amountPico: 100n,
    listPico: null,
    ...fields,
  }
}

export function actorRow(start: number, fields: Partial<ClaudeCodeRow> = {}): ClaudeCodeRow {
  return {
    start,
    actorType: 'user',
    actor: 'ada@example.com',
    terminal: 'vscode',
    isRemote: false,
    customerType: 'api',
    subscriptionType: 'none',
    sessions: 1,
    linesAdded: 10,
    linesRemoved: 2,
    commits: 1,
    pullRequests: 0,
    editsAccepted: 3,
    editsRejected: 1,
    models: [{ model: 'claude-opus-4-5', input: 1, output: 1, cacheRead: 0, cacheWrite: 0, estimatedPico: 5n }],
    ...fields,
  }
}

/** A window of whole days up to `to`, read late enough for all of it to be complete and settled unless told otherwise. */
export function daily<Row extends { readonly start: number }>(
  from: number,
  to: number,
  rows: readonly Row[],
  fields: Partial<Window<Row>> = {},
): Window<Row> {
  return {
    organization: 'default',
    generation: 'analytics',
    widthMs: DAY_MS,
    from,
    to,
    completeTo: Math.min(to, NOW - HOUR_MS),
    readAt: NOW,
    rows,
    ...fields,
  }
}

export const directory: Directory = {
  id: 'org_1',
  name: 'Ada & Co',
  workspaces: [{ id: 'wrkspc_01', name: 'Shop', status: 'active' }],
  apiKeys: [{ id: 'apikey_01', name: 'ci', status: 'active', workspaceId: 'wrkspc_01' }],
  rateLimits: [{ workspaceId: 'none', group: 'Claude Opus 4.x', limiter: 'requests_per_minute', value: 50 }],
  spendLimits: [
    { id: 'limit_1', scope: 'organization', scopeId: 'none', period: 'monthly', limitPico: 9n, spentPico: null },
  ],
}

/** A run in the log, from `at` on, that took a second. */
export async function logRun(
  ledger: Ledger,
  source: string,
  at: number,
  end: Partial<SyncRun> & Pick<SyncRun, 'result'>,
): Promise<void> {
  const id = await ledger.startRun({ source, cause: 'schedule', startedAt: at })
  if (end.result === 'running') return
  await ledger.endRun(id, {
    endedAt: at + 1000,
    generation: null,
    from: null,
    to: null,
    attempts: 1,
    requests: 1,
    changes: NO_CHANGES,
    reason: null,
    error: null,
    ...end,
  })
}
