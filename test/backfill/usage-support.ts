import { createUsagePast } from '../../src/backfill/usage-past.ts'
import type { UsageRecord } from '../../src/core/usage.ts'
import { type Ledger, SLOT_MS } from '../../src/ledger/ledger.ts'
import type { SourceBatch } from '../../src/sources/source.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { type UsagePart, UsageView } from '../../src/view/usage-view.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'

export const NOON = Date.parse('2026-05-20T12:00:00Z')
export const QUARTER_MS = SLOT_MS

/** Families of the history, each with what tells its rows apart. */
const KEYS = {
  counters: ({ labels: { source, agent, project, provider, model } }: Snapshot['counters'][number]) =>
    [source, agent, project, provider, model].join(),
  unpriced: ({ provider, model }: Snapshot['unpriced'][number]) => [provider, model].join(),
  unlogged: ({ source, project, model }: Snapshot['unlogged'][number]) => [source, project, model].join(),
  perSource: ({ source }: Snapshot['perSource'][number]) => source,
  sessionsStarted: ({ source, agent, project }: Snapshot['sessionsStarted'][number]) => [source, agent, project].join(),
}
export type Family = keyof typeof KEYS
export const FAMILIES = Object.keys(KEYS) as readonly Family[]
export type Row<F extends Family> = Snapshot[F][number]
/** Rows by what tells them apart. */
export type Rows<F extends Family> = ReadonlyMap<string, Row<F>>

export function byKey<F extends Family>(family: F, rows: readonly Row<F>[]): Rows<F> {
  return new Map(rows.map((row) => [keyOf(family, row), row]))
}

export function keyOf<F extends Family>(family: F, row: Row<F>): string {
  return (KEYS[family] as (row: Row<F>) => string)(row)
}

/** Rows as a reader of the history sees them: those given at an instant, and the last one of each that was given. */
export interface Moment<F extends Family> {
  readonly instant: number
  readonly given: Rows<F>
  readonly shown: Rows<F>
}
export type History = { readonly [F in Family]: readonly Moment<F>[] }

export interface HistoryOptions {
  readonly from: number
  /** The last instant; `now` unless given. */
  readonly to?: number
  readonly now: number
  readonly seriesLimit?: number
}

/** The history at every quarter of an hour of a range and at its end. */
export async function historyOf(ledger: Ledger, options: HistoryOptions): Promise<History> {
  const { from, now, to = now, seriesLimit = 10_000 } = options
  const { ledger: frozen } = await ledger.freeze()
  const past = createUsagePast(frozen, { now, to, seriesLimit })
  const history = { counters: [], unpriced: [], unlogged: [], perSource: [], sessionsStarted: [] } as {
    [F in Family]: Moment<F>[]
  }
  const instants = Array.from({ length: Math.ceil((to - from) / QUARTER_MS) }, (_, index) => from + index * QUARTER_MS)
  for (const instant of [...instants, to]) {
    const part = await past.at(instant)
    const record = <F extends Family>(family: F) => {
      const given = byKey(family, (part[family] ?? []) as readonly Row<F>[])
      if (given.size !== part[family]?.length) throw new Error(`${family} gives a row twice`)
      const moments = history[family] as Moment<F>[]
      moments.push({ instant, given, shown: new Map([...(moments.at(-1)?.shown ?? []), ...given]) })
    }
    for (const family of FAMILIES) record(family)
  }
  await frozen.close()
  return history
}

/** What is live at an instant. */
export async function liveOf(ledger: Ledger, now: number, seriesLimit = 10_000): Promise<UsagePart> {
  const view = new UsageView({ timeZone: 'UTC', now: () => now, seriesLimit })
  await view.load(ledger)
  return view.snapshot()
}

/** A response with so many output tokens, minutes after noon. */
export function output(tokens: number, minutes: number, fields: Partial<UsageRecord> = {}): UsageRecord {
  return usageRecord({
    identity: `m:${tokens}:${minutes}`,
    time: NOON + minutes * 60_000,
    parts: [usagePart({ output: tokens })],
    rankOutput: tokens,
    rankTotal: tokens,
    ...fields,
  })
}

/** Appends batches to one stream, one after the other. */
export function writerOf(ledger: Ledger) {
  let cursor = 0
  return async (
    records: readonly UsageRecord[],
    options: Parameters<typeof appendBatches>[2] & { readonly batch?: Partial<SourceBatch> } = {},
  ) => {
    const { batch, ...rest } = options
    const expected = cursor === 0 ? null : String(cursor)
    cursor += 1
    await appendBatches(ledger, [sourceBatch(records, { expected, cursor: String(cursor), ...batch })], rest)
  }
}

/** What is given of each instant, as quarters of an hour after noon, where anything is. */
export function given<F extends Family>(moments: readonly Moment<F>[], figure: (row: Row<F>) => unknown) {
  return moments.flatMap((moment) =>
    [...moment.given.values()].map((row) => [(moment.instant - NOON) / QUARTER_MS, figure(row)]),
  )
}

/** Output tokens of the counters, of one project or of all. */
export const outputs = (history: History, project?: string) =>
  given(history.counters, ({ labels, tokens }) =>
    project === undefined || labels.project === project ? tokens[4] : -1n,
  )
    // Rows of other projects.
    .filter(([, tokens]) => tokens !== -1n)

export async function ledgerWith(...records: Parameters<ReturnType<typeof writerOf>>[0]): Promise<Ledger> {
  const ledger = tempLedger()
  await writerOf(ledger)(records)
  return ledger
}
