import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FLAG, type UsageRecord } from '../../../src/core/usage.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import { appendBatches } from '../../support/append.ts'
import { sourceBatch, usagePart, usageRecord } from '../../support/usage-record.ts'
import { ledgerKinds } from './ledgers.ts'

const MINUTE_MS = 60_000
const SOURCES = ['claude-code', 'pi', 'openclaw'] as const

/** Lines of a few responses that differ in everything the rules look at; hostile text in every name. */
const line: fc.Arbitrary<UsageRecord> = fc
  .record({
    source: fc.constantFrom(...SOURCES),
    response: fc.integer({ min: 1, max: 8 }),
    id: fc.constantFrom(null, null, 'x', 'y'),
    winRank: fc.integer({ min: 0, max: 3 }),
    output: fc.constantFrom(0, 1, 2, 900, Number.MAX_SAFE_INTEGER),
    minute: fc.integer({ min: -3_000, max: 3_000 }),
    uuid: fc.constantFrom('a', 'b', '6f1e4c0a-0000-4000-8000-000000000001'),
    ownerRank: fc.constantFrom(0, 1, 2),
    session: fc.constantFrom('s1', 'S1', 's%', 'ß', '😀'),
    paidBy: fc.constantFrom(null, null, 's1', 's4'),
    agent: fc.constantFrom('none', 'Explore', `"{},\\'`),
    project: fc.constantFrom('shop', 'Shop', 'blog|`x`', '<script>'),
    branch: fc.constantFrom('', 'main'),
    billing: fc.constantFrom('metered', 'plan'),
    settled: fc.boolean(),
    guessed: fc.boolean(),
    model: fc.constantFrom('claude-opus-4-8', 'claude-haiku-5-5', 'mystery'),
    isDouble: fc.boolean(),
  } as const)
  .map(({ source, response, id, output, minute, guessed, model, isDouble, ...fields }) => {
    const shadows = source === 'claude-code' || id === null ? null : `a:${response}`
    return usageRecord({
      source,
      identity: shadows === null ? `a:${response}` : `a:${response}:${id}`,
      shadows,
      rankOutput: output,
      rankTotal: output,
      time: minute * MINUTE_MS,
      flags: (guessed ? FLAG.guessedTime : 0) | (fields.winRank < 3 ? FLAG.unfinal : 0),
      parts: [
        usagePart({ output, input: 3 }, model),
        ...(isDouble ? [usagePart({ output: 7 }, 'claude-sonnet-5')] : []),
      ],
      ...fields,
    })
  })

type Step =
  | { readonly do: 'append'; readonly lines: readonly UsageRecord[]; readonly live: boolean }
  | { readonly do: 'settle' | 'prune' | 'rebuild' }
  | { readonly do: 'expose'; readonly source: (typeof SOURCES)[number] }
  | { readonly do: 'turn'; readonly source: (typeof SOURCES)[number] }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      lines: fc.array(line, { maxLength: 12 }),
      live: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('settle' as const, 'prune' as const, 'rebuild' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('expose' as const, 'turn' as const),
      source: fc.constantFrom(...SOURCES),
    }),
  },
)

async function take(ledger: Ledger, current: Step, index: number): Promise<void> {
  if (current.do === 'append') {
    for (const source of SOURCES) {
      const records = current.lines.filter((record) => record.source === source)
      const batch = sourceBatch(records, { source, stream: `f${index}`, path: `f${index}` })
      await appendBatches(ledger, [batch], { live: current.live, now: 1_000 * index })
    }
  } else if (current.do === 'settle') await ledger.settleHeld({ writtenBefore: 0 })
  else if (current.do === 'prune') await ledger.prune(-1_000 * MINUTE_MS)
  else if (current.do === 'rebuild') await ledger.rebuildRollups()
  else if (current.do === 'expose') await ledger.expose({ source: current.source, roots: ['/b', '/a'] })
  else if (current.do === 'turn') {
    const turns = ['s1', 'new'].map((session) => ({ source: current.source, session, time: index * MINUTE_MS }))
    const batch = sourceBatch([], { source: current.source, stream: `t${index}`, path: 't', turns })
    await appendBatches(ledger, [batch], { now: 10 ** 9 })
  }
}

/** Everything the ledger says, without the ids it hands out by order of arrival and without an order it does not promise. */
async function everything(ledger: Ledger) {
  const labels = new Map((await ledger.labels()).map(({ id, ...label }) => [id, JSON.stringify(label)]))
  const plain = (value: unknown): string =>
    JSON.stringify(value, (key, inner: unknown) => {
      if (key === 'id') return undefined
      if (key === 'uses' && Array.isArray(inner)) return sorted(inner)
      if (typeof inner === 'bigint') return `${inner}`
      return key === 'label' && typeof inner === 'number' ? labels.get(inner) : inner
    }).replace(/"(-?\d+)"/g, '$1')
  const sorted = (rows: readonly unknown[]) => rows.map(plain).sort()
  const range = { from: -4_500 * MINUTE_MS, to: 4_500 * MINUTE_MS }
  const days = [range.from, 0, 1_500 * MINUTE_MS]
  return {
    labels: [...labels.values()].sort(),
    counters: sorted(await ledger.counters()),
    slots: sorted(await ledger.slots(-1_500 * MINUTE_MS)),
    starts: sorted(await ledger.sessionStarts()),
    sessionSlots: sorted(await ledger.sessionSlots(range.from, range.to)),
    tallies: sorted(await ledger.tallies()),
    active: sorted(await ledger.activeSessions(-1_000 * MINUTE_MS, 1_000 * MINUTE_MS)),
    held: await ledger.heldCount(),
    heldStreams: await Promise.all(SOURCES.map(async (source) => sorted(await ledger.heldStreams(source)))),
    roots: await Promise.all(SOURCES.map((source) => ledger.loadedRoots(source))),
    streams: await Promise.all(SOURCES.map(async (source) => sorted(await ledger.streams(source)))),
    usage: sorted(
      await ledger.usage({
        ...range,
        days,
        by: ['source', 'agent', 'project', 'model', 'branch', 'billing', 'session'],
      }),
    ),
    allTime: sorted(await ledger.usage({ from: -(10 ** 13), to: 10 ** 13, by: ['model', 'machine'] })),
    some: sorted(await ledger.usage({ ...range, by: ['provider'], where: { project: 'shop' } })),
    sessions: sorted(await ledger.sessions(range)),
    found: sorted(await ledger.findSessions('s')),
    percent: sorted(await ledger.findSessions('s%')),
    parts: sorted(await ledger.explain(range)),
    span: await ledger.span(),
    stored: await ledger.lastStored(),
    check: await ledger.check(),
  }
}

const kinds = ledgerKinds()

describe.skipIf(kinds.length < 2)('the databases a ledger can be kept in', () => {
  it('say the same after the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const said = await Promise.all(
          kinds.map(async ({ openLedger }) => {
            const ledger = await openLedger()
            for (const [index, current] of steps.entries()) await take(ledger, current, index + 1)
            const all = await everything(ledger)
            await ledger.close()
            return all
          }),
        )
        expect(said[1]).toEqual(said[0])
        expect(said[0]?.check).toMatchObject({ integrity: 'ok', differences: [] })
      }),
      { numRuns: 8 },
    )
  }, 600_000)
})
