import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MEASURE, type Measures, zeroMeasures } from '../../src/core/measures.ts'
import type { ActiveSession, Changed, LabelRow } from '../../src/ledger/ledger.ts'
import { HealthView } from '../../src/view/health-view.ts'
import type { CounterRow, UsageLabels } from '../../src/view/snapshot.ts'
import type { MachineLabelMode } from '../../src/view/usage/machine-label.ts'
import { UsageView } from '../../src/view/usage-view.ts'

const NOON = Date.parse('2026-05-20T12:00:00Z')
const NOTHING: Changed = { labels: [], rollup: [], counters: [], sessions: [], tallies: [], claims: false }

function viewWith(machineLabel: MachineLabelMode, seriesLimit = 10_000) {
  return new UsageView({ timeZone: 'UTC', now: () => NOON, seriesLimit, machineLabel })
}

function label(id: number, values: Partial<LabelRow> = {}): LabelRow {
  return {
    id,
    source: 'pi',
    agent: 'none',
    provider: 'p',
    model: 'm',
    modelId: 'm',
    project: 'shop',
    branch: 'main',
    billing: 'metered',
    machine: 'laptop',
    exposed: true,
    zeroUntil: 0,
    folded: false,
    ...values,
  }
}

function used(tokens: number): Measures {
  const values = zeroMeasures()
  values[MEASURE.output] = tokens
  values[MEASURE.requests] = 1
  return values
}

/** A commit of a label that may be new, with this many tokens. */
function commit(row: LabelRow, tokens: number): Changed {
  return {
    ...NOTHING,
    labels: [row],
    counters: [{ label: row.id, published: used(tokens), reversed: zeroMeasures() }],
    rollup: [{ slot: NOON, label: row.id, values: used(tokens) }],
    sessions: [{ source: row.source, label: row.id, sessions: 1 }],
  }
}

const machinesOf = (rows: readonly { readonly labels: UsageLabels }[]) => rows.map(({ labels }) => labels.machine)
const outputOf = (rows: readonly Pick<CounterRow, 'tokens'>[]) => rows.reduce((sum, { tokens }) => sum + tokens[4], 0n)

describe('the machine of a label set', () => {
  it.each([
    { mode: 'auto', machines: ['laptop'], shown: [null] },
    { mode: 'auto', machines: ['laptop', 'server'], shown: ['laptop', 'server'] },
    { mode: 'always', machines: ['laptop'], shown: ['laptop'] },
    { mode: 'never', machines: ['laptop', 'server'], shown: [null] },
  ] as const)('with $mode and $machines is $shown', ({ mode, machines, shown }) => {
    const view = viewWith(mode)
    machines.forEach((machine, index) => void view.apply(commit(label(index, { machine }), 5)))
    const { counters, today, sessionsStarted, modelInUse } = view.snapshot()
    expect(machinesOf(counters)).toEqual(shown)
    expect(machinesOf(today)).toEqual(shown)
    expect(sessionsStarted.map(({ machine }) => machine)).toEqual(shown)
    expect(modelInUse.map(({ machine }) => machine)).toEqual(shown)
    expect(outputOf(counters)).toBe(BigInt(5 * machines.length))
  })

  it('is shown of what was there before, too, and a snapshot is due for it', () => {
    const view = viewWith('auto')
    view.apply(commit(label(1), 7))
    const [before] = view.snapshot().counters
    expect(view.isDue()).toBe(false)
    view.setMachines([
      { name: 'laptop', newestAt: 1 },
      { name: 'server', newestAt: 1 },
    ])
    expect(view.isDue()).toBe(true)
    const after = view.snapshot().counters
    expect(after).toEqual([{ ...before, labels: { ...before?.labels, machine: 'laptop' } }])
    // Text is remembered by the object.
    expect(after[0]?.labels).not.toBe(before?.labels)
    expect(view.isDue()).toBe(false)
  })

  it('stays when the ledger forgets a machine', () => {
    const view = viewWith('auto')
    view.setMachines([
      { name: 'laptop', newestAt: 1 },
      { name: 'server', newestAt: 1 },
    ])
    view.setMachines([{ name: 'laptop', newestAt: 1 }])
    view.apply(commit(label(1), 7))
    expect(machinesOf(view.snapshot().counters)).toEqual(['laptop'])
  })

  it('is other where label sets are folded, which count all machines in one', () => {
    const view = viewWith('always', 33)
    for (const id of [1, 2, 3]) view.apply(commit(label(id, { machine: `m${id}`, project: `p${id}` }), 5))
    const { counters } = view.snapshot()
    expect(counters.map(({ labels }) => labels)).toContainEqual({
      source: 'pi',
      agent: 'other',
      project: 'other',
      provider: 'other',
      model: 'other',
      machine: 'other',
    })
    expect(outputOf(counters)).toBe(15n)
  })

  it.each([
    { machine: 'a\u0000b\n', shown: 'a b' },
    { machine: '', shown: 'unknown' },
    { machine: '\ud800', shown: '\ufffd' },
    { machine: 'x'.repeat(10_000), shown: `${'x'.repeat(127)}…` },
  ])('is made one of bounded length without control characters: $shown', ({ machine, shown }) => {
    const view = viewWith('always')
    view.apply(commit(label(1, { machine }), 1))
    expect(machinesOf(view.snapshot().counters)).toEqual([shown])
  })

  it('tells active sessions apart, each once; those without it come down to 0', () => {
    const view = viewWith('auto')
    view.apply(commit(label(1), 5))
    const session = (id: string, labelId: number): ActiveSession => ({
      source: 'pi',
      session: id,
      label: labelId,
      tokens: 500,
      newTokens: 500,
      requests: 1,
      unattendedRequests: null,
      last: NOON,
    })
    view.setActive([session('a', 1)])
    view.apply(commit(label(2, { machine: 'server' }), 5))
    // A home folder that both machines see: the session is one.
    view.setActive([session('a', 2), session('a', 1), session('b', 2)])
    const seen = view.snapshot().active.map(({ machine, sessions }) => [machine, sessions])
    expect(seen).toHaveLength(3)
    expect(seen).toEqual(
      expect.arrayContaining([
        ['laptop', 1],
        ['server', 1],
        [null, 0],
      ]),
    )
  })

  it('adds up to what is shown without it, whenever the second one comes', () => {
    const use = fc.record({
      machine: fc.constantFrom('laptop', 'server', 'build'),
      project: fc.constantFrom('shop', 'blog', 'other'),
      agent: fc.constantFrom('none', 'Explore'),
      billing: fc.constantFrom('metered' as const, 'plan' as const),
      tokens: fc.integer({ min: 0, max: 1_000 }),
      folded: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(use, { maxLength: 20 }), fc.nat(20), (uses, knownAt) => {
        const views = { auto: viewWith('auto'), always: viewWith('always'), never: viewWith('never') }
        const ids = new Map<string, number>()
        uses.forEach(({ tokens, ...values }, index) => {
          const key = JSON.stringify(values)
          const id = ids.get(key) ?? ids.size
          ids.set(key, id)
          if (index === knownAt)
            views.auto.setMachines([
              { name: 'laptop', newestAt: 1 },
              { name: 'server', newestAt: 1 },
            ])
          for (const view of Object.values(views)) view.apply(commit(label(id, values), tokens))
          if (index % 3 === 0) views.auto.snapshot()
        })
        const { auto, always, never } = {
          auto: views.auto.snapshot(),
          always: views.always.snapshot(),
          never: views.never.snapshot(),
        }
        for (const part of ['counters', 'today', 'monthToDate'] as const) {
          expect(sumsOf(always[part])).toEqual(sumsOf(never[part]))
          expect(sumsOf(auto[part])).toEqual(sumsOf(never[part]))
          const keys = auto[part].map(({ labels }) => JSON.stringify(labels))
          expect(new Set(keys).size).toBe(keys.length)
        }
        const isShown = new Set(machinesOf(auto.counters).map((machine) => machine === null))
        expect(isShown.size).toBeLessThanOrEqual(1)
        const sessions = (rows: typeof auto.sessionsStarted) => rows.reduce((sum, row) => sum + row.sessions, 0n)
        expect(sessions(auto.sessionsStarted)).toBe(sessions(never.sessionsStarted))
      }),
    )
  })
})

/** Tokens per label set without its machine, sorted. */
function sumsOf(rows: readonly Pick<CounterRow, 'labels' | 'tokens'>[]): readonly (readonly [string, bigint])[] {
  const sums = new Map<string, bigint>()
  for (const { labels, tokens } of rows) {
    const key = JSON.stringify({ ...labels, machine: null })
    sums.set(key, (sums.get(key) ?? 0n) + tokens[4])
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1))
}

describe('what is known of machines', () => {
  const laptop = { name: 'laptop', version: '1.0.0', seenAt: NOON, readAt: NOON, newestAt: null }
  const server = { ...laptop, name: 'server', readAt: null }

  it.each([
    { what: 'one with a ledger of its own', rows: [laptop], shared: false, shown: [] },
    { what: 'one on a shared ledger', rows: [laptop], shared: true, shown: [laptop] },
    { what: 'two', rows: [laptop, server], shared: false, shown: [laptop, server] },
  ])('of $what is shown: $shown.length', ({ rows, shared, shown }) => {
    const health = new HealthView()
    health.setMachines(rows)
    health.setShared(shared)
    expect(health.part([])).toMatchObject({ machines: shown, sharedLedger: shared ? { awaySince: null } : null })
  })

  it('since when a shared ledger is away is shown until it is back', () => {
    const health = new HealthView()
    health.setShared(true)
    health.setAwaySince(NOON)
    expect(health.part([]).sharedLedger).toEqual({ awaySince: NOON })
    health.setAwaySince(null)
    expect(health.part([]).sharedLedger).toEqual({ awaySince: null })
  })
})
