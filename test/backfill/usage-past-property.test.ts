import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FLAG, type UsageRecord } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { UsageView } from '../../src/view/usage-view.ts'
import { tempLedger } from '../support/temp.ts'
import { usagePart, usageRecord } from '../support/usage-record.ts'
import { expectedRow, type Facts, factsOf, hasBegun } from './usage-oracle.ts'
import {
  byKey,
  FAMILIES,
  type Family,
  type History,
  historyOf,
  keyOf,
  liveOf,
  NOON,
  QUARTER_MS,
  type Row,
  writerOf,
} from './usage-support.ts'

/** All of it happens within these quarters of an hour from noon. */
const QUARTERS = 8
const MINUTES = QUARTERS * 15

/** Lines of a few responses that differ in everything that decides what is counted, where and when. */
const line: fc.Arbitrary<UsageRecord> = fc
  .record({
    response: fc.integer({ min: 1, max: 5 }),
    winRank: fc.constantFrom(1, 2, 3),
    output: fc.constantFrom(0, 1, 2, 1_000_000_007),
    cacheRead: fc.integer({ min: 0, max: 2 }),
    minute: fc.integer({ min: 0, max: MINUTES }),
    ownerRank: fc.constantFrom(0, 1, 4),
    session: fc.constantFrom('s1', 's2', 's3'),
    agent: fc.constantFrom('none', 'Explore'),
    project: fc.constantFrom('shop', 'blog', ' blog'),
    branch: fc.constantFrom('', 'topic'),
    billing: fc.constantFrom('metered' as const, 'plan' as const),
    settled: fc.boolean(),
    model: fc.constantFrom('claude-opus-4-8', 'mystery'),
    advisor: fc.boolean(),
    isError: fc.boolean(),
  })
  .map(({ response, output, cacheRead, minute, model, advisor, isError, ...fields }) =>
    usageRecord({
      identity: `m:${response}`,
      rankOutput: output,
      rankTotal: output + cacheRead,
      time: NOON + minute * 60_000,
      flags: isError && output === 0 ? FLAG.error : fields.winRank < 3 ? FLAG.unfinal : 0,
      parts:
        isError && output === 0
          ? [usagePart({}, 'none')]
          : [
              usagePart({ output, cacheRead }, model),
              ...(advisor ? [usagePart({ output: 7 }, 'claude-sonnet-5')] : []),
            ],
      ...fields,
    }),
  )

type Step = (ledger: Ledger, write: ReturnType<typeof writerOf>) => Promise<unknown>

const claim = fc.record({
  source: fc.constant('claude-code' as const),
  session: fc.constantFrom('s1', 's2', 's4'),
  model: fc.constantFrom('claude-opus-4-8', 'mystery'),
  project: fc.constantFrom('shop', ' shop'),
  time: fc.integer({ min: 0, max: MINUTES }).map((minute) => NOON + minute * 60_000),
  input: fc.integer({ min: 0, max: 9 }),
  output: fc.constant(3),
  cacheRead: fc.constant(0),
  cacheWrite: fc.constant(0),
  webSearches: fc.constant(0),
  costPico: fc.constant(5n),
  continues: fc.constant(null),
})

/** What may happen to a ledger. Label sets may be shown at 0 until well before, within or after the range. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: appending() },
  { weight: 2, arbitrary: fc.constant<Step>((ledger) => ledger.expose({ source: 'claude-code', roots: [] })) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 0, max: MINUTES })
      .map<Step>((minute) => (ledger) => ledger.settleHeld({ writtenBefore: NOON + minute * 60_000 })),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 0, max: MINUTES })
      .map<Step>((minute) => (ledger) => ledger.prune(NOON + minute * 60_000)),
  },
  {
    weight: 1,
    arbitrary: zeroUntil().map<Step>(
      (until) => (ledger) => ledger.reconcileClaims({ storedBefore: Number.MAX_SAFE_INTEGER, zeroUntil: until }),
    ),
  },
)

function zeroUntil(): fc.Arbitrary<number> {
  return fc.constantFrom(0, NOON + 65 * 60_000, NOON + 10 * MINUTES * 60_000)
}

function appending(): fc.Arbitrary<Step> {
  return fc
    .record({
      lines: fc.array(line, { minLength: 1, maxLength: 4 }),
      live: fc.boolean(),
      zeroFirstMs: zeroUntil(),
      claims: fc.array(claim, { maxLength: 2 }),
    })
    .map<Step>(
      ({ lines, live, zeroFirstMs, claims }) =>
        (_, write) =>
          write(lines, { live, now: 1, zeroFirstMs, batch: { claims } }),
    )
}

const story = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
  seriesLimit: fc.constantFrom(10_000, 60, 100),
  isFoldKept: fc.boolean(),
  from: fc.integer({ min: -1, max: 4 }).map((quarter) => NOON + quarter * QUARTER_MS),
  now: fc.constantFrom(60, 67, 119, 120, 150).map((minutes) => NOON + minutes * 60_000),
})

function figuresOf(value: unknown): bigint[] {
  if (typeof value === 'bigint') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(figuresOf) : []
}

function expectNeverFalls(history: History) {
  for (const family of FAMILIES) {
    for (const [index, { given }] of history[family].entries()) {
      const before = history[family][index - 1]?.shown
      for (const [key, row] of given) {
        const previous = before?.get(key)
        if (previous === undefined) continue
        const figures = figuresOf(previous)
        expect(figuresOf(row).every((figure, at) => figure >= (figures[at] ?? 0n))).toBe(true)
      }
    }
  }
}

async function told(
  steps: readonly Step[],
  keepFold: { readonly seriesLimit: number } | null,
  now: number,
): Promise<Ledger> {
  const ledger = tempLedger()
  const write = writerOf(ledger)
  for (const take of steps) await take(ledger, write)
  if (keepFold !== null) {
    const view = new UsageView({ timeZone: 'UTC', now: () => now, seriesLimit: keepFold.seriesLimit })
    await view.load(ledger)
    await ledger.setFolded(view.takeNewlyFolded())
  }
  return ledger
}

function expectedOf<F extends Family>(family: F, row: Row<F>, facts: Facts, instant: number): unknown {
  return (expectedRow[family] as (row: Row<F>, facts: Facts, at: number) => unknown)(row, facts, instant)
}

describe('the history of any ledger', () => {
  it('never falls, is what a slow reckoning says at each quarter of an hour, and ends at what is live', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ steps, seriesLimit, isFoldKept, from, now }) => {
        const ledger = await told(steps, isFoldKept ? { seriesLimit } : null, now)
        const history = await historyOf(ledger, { from, now, seriesLimit })
        expectNeverFalls(history)

        const live = await liveOf(ledger, now, seriesLimit)
        for (const family of FAMILIES) {
          const rows = byKey(family, live[family] as readonly Row<typeof family>[])
          expect(history[family].at(-1)?.shown).toEqual(rows)
        }

        const facts = await factsOf(ledger, now, seriesLimit)
        for (const row of live.counters) {
          for (const { instant, shown } of history.counters) {
            expect(shown.has(keyOf('counters', row))).toBe(hasBegun(row, facts, instant))
          }
        }
        for (const family of FAMILIES) {
          for (const { instant, shown } of history[family]) {
            for (const row of shown.values())
              expect(row).toMatchObject(expectedOf(family, row, facts, instant) as object)
          }
        }
        await ledger.close()
      }),
      { numRuns: 60 },
    )
  })
})
