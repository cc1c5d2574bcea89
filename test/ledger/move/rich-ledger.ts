import { DAY_MS } from '../../../src/core/time.ts'
import type { UsageRecord } from '../../../src/core/usage.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import { openSqliteLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { appendBatches } from '../../support/append.ts'
import { sourceBatch, usagePart, usageRecord } from '../../support/usage-record.ts'
import { claudeCodeRow, costRow, DAY_1, usageRow, windowOf } from '../organization/rows.ts'

export const START = Date.UTC(2026, 4, 4, 9)
const HOSTILE = '<script>alert(1)</script>|`=cmd`\u0007 "\'; DROP TABLE message; --'

/** Several models and rates, plan and metered, priced and not, held and settled, from three sources. */
export function richRecords(from: number, count: number): UsageRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index
    const source = (['claude-code', 'openclaw', 'pi'] as const)[number % 3] ?? 'pi'
    const models = ['claude-opus-4-8', 'claude-haiku-4-5', 'unknown-model-of-nobody']
    const model = models[number % 3] ?? ''
    const tokens = { input: number + 1, output: 10 + number, cacheRead: number * 7, cacheWrite5m: number % 5 }
    const parts = [usagePart(tokens, model)]
    if (number % 11 === 0) parts.push(usagePart({ output: 3, cacheWrite1h: 2 }, 'claude-sonnet-4-6'))
    return usageRecord({
      source,
      identity: `m:${number}`,
      uuid: `u${number}`,
      parts,
      time: START + number * 7 * 60_000,
      session: `s${number % 6}`,
      agent: number % 4 === 0 ? HOSTILE : 'none',
      project: number % 5 === 0 ? `${HOSTILE}${'x'.repeat(150)}` : 'shop',
      billing: number % 2 === 0 ? 'metered' : 'plan',
      settled: number % 9 !== 0,
    })
  })
}

export interface RichOptions {
  readonly path: string
  readonly machine?: { readonly uid: string; readonly name: string }
  /** Which responses its logs held. */
  readonly from?: number
  readonly count?: number
  readonly prune?: boolean
}

/** A ledger with something of everything, closed. */
export async function richLedger(options: RichOptions): Promise<void> {
  const { path, machine, from = 0, count = 120, prune = true } = options
  const ledger = openSqliteLedger({
    path,
    synchronous: 'normal',
    allowNetworkFilesystem: true,
    now: 1,
    ...(machine && { machine }),
  })
  await fillRich(ledger, from, count)
  if (prune) await ledger.prune(START + 60 * 7 * 60_000)
  await ledger.close()
}

export async function fillRich(ledger: Ledger, from: number, count: number): Promise<void> {
  await fillUsage(ledger, from, count)
  await fillRecords(ledger)
}

async function fillUsage(ledger: Ledger, from: number, count: number): Promise<void> {
  const records = richRecords(from, count)
  for (const [index, source] of (['claude-code', 'openclaw', 'pi'] as const).entries()) {
    const own = records.filter((record) => record.source === source)
    const turns = own.slice(0, 3).map(({ session, time }) => ({ source, session, time }))
    const claims =
      source === 'claude-code'
        ? [
            {
              source,
              session: 's0',
              model: 'claude-opus-4-8',
              project: HOSTILE,
              time: START,
              input: 9_000_000,
              output: 5_000_000,
              cacheRead: 3,
              cacheWrite: 4,
              webSearches: 0,
              costPico: 12_345_678_901_234n,
              continues: null,
            },
          ]
        : []
    const batch = { stream: `f${index}`, path: `/logs/${HOSTILE}/f${index}.jsonl`, turns, claims, cursor: `c${index}` }
    await appendBatches(ledger, [sourceBatch(own, batch)], { live: false, now: START + 1, zeroFirstMs: 5 })
    if (source !== 'pi') await ledger.expose({ source, roots: [`/logs/${source}`] })
  }
  // A copy without an id that gives way to its original, and a response whose owner turns out to be another.
  const copy = usageRecord({
    source: 'pi',
    identity: `copy:${from}`,
    session: `copy${from}`,
    time: START + from * 1_000,
  })
  const original = { ...copy, identity: `id:${from}`, shadows: copy.identity }
  await appendBatches(ledger, [sourceBatch([copy], { stream: 'copies', cursor: '1' })], { now: START + 2 })
  await appendBatches(ledger, [sourceBatch([original], { stream: 'originals', cursor: '1' })], { now: START + 2 })
  const late = richRecords(from + 1, 1).map((record) => ({
    ...record,
    agent: 'earlier',
    project: 'elsewhere',
    ownerRank: -1,
    settled: true,
  }))
  await appendBatches(ledger, [sourceBatch(late, { stream: 'late', cursor: '1' })], { now: START + 3 })
  await ledger.reconcileClaims({ storedBefore: START + 10, zeroUntil: 77 })
  const folded = (await ledger.labels()).find(({ exposed }) => exposed)
  await ledger.setFolded(folded === undefined ? [] : [folded.id])
  await ledger.markGone('claude-code', ['late'], START + 4)
}

async function fillRecords(ledger: Ledger): Promise<void> {
  const window = [DAY_1, DAY_1 + DAY_MS] as const
  await ledger.replaceUsage(windowOf(...window, [usageRow(DAY_1, 100, { requests: null })]))
  const list = { description: HOSTILE, listPico: null }
  await ledger.replaceCost(
    windowOf(...window, [costRow(DAY_1, 12_345_678_901_234_567_890n), costRow(DAY_1 + 3_600_000, -5n, list)]),
  )
  await ledger.replaceClaudeCode(windowOf(...window, [claudeCodeRow(DAY_1)], { generation: null, widthMs: DAY_MS }))
  await ledger.saveDirectory(
    'default',
    {
      id: 'org',
      name: HOSTILE,
      workspaces: [{ id: 'wrkspc_1', name: 'shop', status: 'active' }],
      apiKeys: [{ id: 'apikey_1', name: 'ci', status: 'active', workspaceId: 'wrkspc_1' }],
      rateLimits: [{ workspaceId: 'wrkspc_1', group: 'opus', limiter: 'rpm', value: 50 }],
      spendLimits: [
        { id: 'l1', scope: 'organization', scopeId: '', period: 'month', limitPico: 10n ** 15n, spentPico: null },
      ],
    },
    DAY_1,
  )
  const run = await ledger.startRun({ source: 'anthropic-cost', cause: 'schedule', startedAt: DAY_1 })
  await ledger.endRun(run, {
    endedAt: DAY_1 + 1_234,
    result: 'failed',
    generation: null,
    from: DAY_1,
    to: DAY_1 + DAY_MS,
    attempts: 2,
    requests: 3,
    changes: { fetched: 1, added: 2, changed: 3, removed: 4, unchanged: 5 },
    reason: 'network',
    error: HOSTILE,
  })
  await ledger.savePeriod({ budget: HOSTILE, start: DAY_1, end: DAY_1 + DAY_MS, unit: 'usd', limit: 10n ** 25n })
  await ledger.savePeriod({ budget: 'words', start: DAY_1, end: DAY_1 + DAY_MS, unit: 'tokens', limit: 1_000n })
  await ledger.addCrossing({
    budget: HOSTILE,
    periodStart: DAY_1,
    crossing: 'warning',
    at: DAY_1 + 5,
    spent: 10n ** 24n + 1n,
    limit: 10n ** 25n,
  })
  await ledger.addForecast({
    budget: HOSTILE,
    periodStart: DAY_1,
    periodEnd: DAY_1 + DAY_MS,
    step: 0.25,
    at: DAY_1 + 6,
    expected: 10n ** 26n,
  })
  await ledger.claimNotice('told', DAY_1)
}
