import { amountOf, isZero, MEASURE, type Measure, type Measures, zeroMeasures } from '../../src/core/measures.ts'
import type { LabelRow, Ledger } from '../../src/ledger/ledger.ts'
import { usageLabels } from '../../src/view/labels.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { tokensOf } from '../../src/view/usage/counter-rows.ts'
import { UsageView } from '../../src/view/usage-view.ts'
import { type Family, QUARTER_MS } from './usage-support.ts'

/** All that the history follows from. */
export interface Facts {
  readonly now: number
  /** Exposed labels, as the live view folds them. */
  readonly labels: readonly LabelRow[]
  readonly slots: Awaited<ReturnType<Ledger['slots']>>
  readonly counters: Awaited<ReturnType<Ledger['counters']>>
  readonly sessions: Awaited<ReturnType<Ledger['sessionSlots']>>
  readonly unlogged: Awaited<ReturnType<Ledger['unlogged']>>
}

export async function factsOf(ledger: Ledger, now: number, seriesLimit: number): Promise<Facts> {
  const view = new UsageView({ timeZone: 'UTC', now: () => now, seriesLimit })
  await view.load(ledger)
  const labels = (await ledger.labels()).flatMap(({ id }) => view.label(id) ?? [])
  return {
    now,
    labels: labels.filter(({ exposed }) => exposed),
    slots: await ledger.slots(Number.MIN_SAFE_INTEGER),
    counters: await ledger.counters(),
    sessions: await ledger.sessionSlots(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    unlogged: await ledger.unlogged(),
  }
}

/** The slow way: what a row of the history shows at an instant, from everything again. */
export const expectedRow: { readonly [F in Family]: (row: Snapshot[F][number], facts: Facts, at: number) => unknown } =
  {
    counters: ({ labels }, facts, at) => {
      const own = labelsOf(facts, labels)
      const sum = (figure: (values: Measures) => bigint, billing?: string) =>
        isShown(own, facts)
          ? total(own, (label) =>
              billing === undefined || label.billing === billing ? capped(label, figure, facts, at) : 0n,
            )
          : 0n
      return {
        tokens: [0, 1, 2, 3, 4].map((index) => sum((values) => tokensOf(values)[index] ?? 0n)),
        requests: sum(measure('requests')),
        estimatedPico: sum((values) => amountOf(values, 'cost_usd'), 'metered'),
        planPico: sum((values) => amountOf(values, 'cost_usd'), 'plan'),
        cacheReadSavingsPico: sum((values) => amountOf(values, 'saved_usd')),
      }
    },
    unpriced: ({ provider, model }, facts, at) => ({
      tokens: total(labelsOf(facts, { provider, model }), (label) =>
        isShown(labelsOf(facts, usageLabels(label)), facts) ? capped(label, measure('unpriced'), facts, at) : 0n,
      ),
    }),
    perSource: ({ source }, facts, at) => ({
      errors: total(labelsOf(facts, { source }), (label) => capped(label, measure('errors'), facts, at)),
      unfinal: total(labelsOf(facts, { source }), (label) => capped(label, measure('unfinal'), facts, at)),
    }),
    sessionsStarted: ({ source, agent, project }, facts, at) => {
      const ids = new Set(labelsOf(facts, { source, agent, project }).map(({ id }) => id))
      const all = facts.sessions.filter(({ label }) => ids.has(label))
      const shown = facts.labels.filter(({ id }) => all.some(({ label }) => label === id))
      if (!shown.some((label) => isShown(labelsOf(facts, usageLabels(label)), facts))) return { sessions: 0n }
      return {
        sessions: total(
          all.filter(({ slot }) => isOver(slot, facts, at)),
          ({ sessions }) => BigInt(sessions),
        ),
      }
    },
    unlogged: ({ project, model }, facts, at) => {
      const own = facts.unlogged.filter(
        (row) => row.project.trim() === project && row.model === model && facts.now >= row.zeroUntil,
      )
      return {
        costPico: total(
          own.filter((row) => isOver(quarterOf(row.at), facts, at)),
          (row) => row.costPico,
        ),
      }
    },
  }

/** True when a counter row, which begins with its first use or with what was reversed, has been given. */
export function hasBegun({ labels }: Snapshot['counters'][number], facts: Facts, at: number): boolean {
  const quarter = quarterOf(at)
  if (quarter + QUARTER_MS >= facts.now) return true
  const own = labelsOf(facts, labels)
  if (isShown(own, facts) && own.some(({ id }) => hasReversed(id, facts))) return true
  return own.some(({ id }) =>
    facts.slots.some(({ slot, label, values }) => label === id && slot <= quarter && !isZero(values)),
  )
}

function hasReversed(label: number, facts: Facts): boolean {
  const { published, reversed } = facts.counters.find((counter) => counter.label === label) ?? NO_COUNTER
  return reversed.some((value, index) => value > 0 && (published[index] ?? 0) > 0)
}

/** What was reversed and used by an instant, no more than is shown. */
function capped(label: LabelRow, figure: (values: Measures) => bigint, facts: Facts, at: number): bigint {
  const { published, reversed } = facts.counters.find((counter) => counter.label === label.id) ?? NO_COUNTER
  const used = facts.slots.filter((row) => row.label === label.id && row.slot + QUARTER_MS <= at)
  const sum = figure(reversed) + total(used, ({ values }) => figure(values))
  return at < facts.now && sum < figure(published) ? sum : figure(published)
}

const NO_COUNTER = { published: zeroMeasures(), reversed: zeroMeasures() }

function labelsOf(facts: Facts, wanted: Partial<ReturnType<typeof usageLabels>>): LabelRow[] {
  return facts.labels.filter((label) => {
    const labels = usageLabels(label)
    return Object.entries(wanted).every(([name, value]) => labels[name as keyof typeof labels] === value)
  })
}

function isShown(labels: readonly LabelRow[], { now }: Facts): boolean {
  return labels.some(({ zeroUntil }) => now >= zeroUntil)
}

function isOver(slot: number, { now }: Facts, at: number): boolean {
  return slot + QUARTER_MS <= at || at >= now
}

function quarterOf(at: number): number {
  return Math.floor(at / QUARTER_MS) * QUARTER_MS
}

function measure(name: Measure): (values: Measures) => bigint {
  return (values) => BigInt(values[MEASURE[name]] ?? 0)
}

function total<T>(items: readonly T[], amount: (item: T) => bigint): bigint {
  return items.reduce((sum, item) => sum + amount(item), 0n)
}
