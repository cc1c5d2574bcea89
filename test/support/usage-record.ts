import type { UsageRecord } from '../../src/core/usage.ts'
import type { SourceBatch } from '../../src/sources/source.ts'

/** A plain settled record; give what the case is about. */
export function usageRecord(fields: Partial<UsageRecord> = {}): UsageRecord {
  const output = fields.parts?.[0]?.tokens.output ?? 10
  return {
    source: 'claude-code',
    identity: 'm:msg_0000000000000001',
    shadows: null,
    winRank: 3,
    rankOutput: output,
    rankTotal: output,
    timestamp: '2026-05-04T09:12:44.120Z',
    uuid: 'u1',
    parts: [usagePart({ output: 10 })],
    terms: { speed: 'standard', usInference: false, tier: 'standard' },
    reasoning: 0,
    unsplit: 0,
    recordedCost: null,
    flags: 0,
    ownerRank: 0,
    time: Date.parse('2026-05-04T09:12:44.120Z'),
    fileTime: Date.parse('2026-05-04T09:00:00.000Z'),
    session: 's1',
    paidBy: null,
    agent: 'none',
    project: 'shop',
    branch: '',
    provider: '',
    billing: 'metered',
    settled: true,
    ...fields,
  }
}

export function usagePart(
  tokens: Partial<UsageRecord['parts'][number]['tokens']>,
  model = 'claude-opus-4-8',
): UsageRecord['parts'][number] {
  return {
    model,
    tokens: { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0, ...tokens },
    webSearches: 0,
  }
}

export function sourceBatch(records: readonly UsageRecord[], fields: Partial<SourceBatch> = {}): SourceBatch {
  return {
    source: records[0]?.source ?? 'claude-code',
    stream: 'f1',
    path: 'f1.jsonl',
    expected: null,
    cursor: '1',
    records,
    closed: [],
    claims: [],
    turns: [],
    tally: { lines: records.length, bytes: records.length * 100, rejected: {} },
    ...fields,
  }
}
