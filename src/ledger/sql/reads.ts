import { MEASURES, type Measures, zeroMeasures } from '../../core/measures.ts'
import { PICO_PER_USD } from '../../core/money.ts'
import type { SourceName } from '../../core/usage.ts'
import type { CounterChange, RollupChange, SourceTally, UnloggedRow } from '../ledger.ts'
import { toBigInt, toNumberOrNull } from './integer.ts'
import type { Rows } from './store.ts'
import { summed } from './sums.ts'

const measures = MEASURES.join(', ')

export async function readCounters(rows: Rows): Promise<CounterChange[]> {
  const counters = new Map<number, { published: Measures; reversed: Measures }>()
  for (const [label, kind, ...values] of await rows.all(`SELECT label_id, kind, ${measures} FROM counter`)) {
    const counter = counters.get(Number(label)) ?? { published: zeroMeasures(), reversed: zeroMeasures() }
    counters.set(Number(label), counter)
    if (Number(kind) === 0) counter.published = values as Measures
    else counter.reversed = values as Measures
  }
  return [...counters].map(([label, counter]) => ({ label, ...counter }))
}

/** Ascending by slot and label. */
export async function readSlots(rows: Rows, from: number, to?: number): Promise<RollupChange[]> {
  const sums = await summed(rows, {
    columns: ['slot', 'label_id'],
    from: `rollup WHERE slot >= ?${to === undefined ? '' : ' AND slot < ?'}`,
    parameters: to === undefined ? [from] : [from, to],
  })
  return sums
    .map(({ key: [slot, label], values }) => ({ slot: Number(slot), label: Number(label), values }))
    .sort((a, b) => a.slot - b.slot || a.label - b.label)
}

/** Of all machines together. */
export async function readTallies(rows: Rows): Promise<SourceTally[]> {
  const tallies = new Map<string, { -readonly [K in keyof SourceTally]: SourceTally[K] }>()
  for (const [source, name, value] of await rows.all('SELECT source, name, value FROM tally')) {
    const key = source as SourceName
    const tally = tallies.get(key) ?? { source: key, lines: 0, bytes: 0, rejected: {}, duplicates: 0, newest: 0 }
    tallies.set(key, tally)
    const [kind, reason] = String(name).split(':')
    if (reason !== undefined) {
      tally.rejected = { ...tally.rejected, [reason]: (tally.rejected[reason] ?? 0) + Number(value) }
    } else if (kind === 'lines' || kind === 'bytes' || kind === 'duplicates') {
      tally[kind] += Number(value)
    } else if (kind === 'newest') {
      tally.newest = Math.max(tally.newest, Number(value))
    }
  }
  return [...tallies.values()]
}

const SHOWN = ['shown_input', 'shown_output', 'shown_cache_read', 'shown_cache_write', 'shown_usd', 'shown_pico']

export async function readUnlogged(rows: Rows): Promise<UnloggedRow[]> {
  const found = await rows.all(
    `SELECT session.source, claim.project, claim.model, claim.at, ${SHOWN.map((name) => `claim.${name}`).join(', ')},
       claim.zero_until
     FROM claim JOIN session ON session.id = claim.session_id WHERE ${SHOWN.map((name) => `${name} > 0`).join(' OR ')}`,
  )
  return found.map(([source, project, model, at, input, output, cacheRead, cacheWrite, usd, pico, zeroUntil]) => ({
    source: source as SourceName,
    project: String(project),
    model: String(model),
    at: Number(at),
    input: toBigInt(input),
    output: toBigInt(output),
    cacheRead: toBigInt(cacheRead),
    cacheWrite: toBigInt(cacheWrite),
    costPico: toBigInt(usd) * PICO_PER_USD + toBigInt(pico),
    zeroUntil: Number(zeroUntil),
  }))
}

/** First and last slot of the rollup. */
export async function readSpan(rows: Rows): Promise<{ first: number; last: number } | null> {
  // Each by itself is one step into the index.
  const first = toNumberOrNull((await rows.one('SELECT MIN(slot) FROM rollup'))?.[0])
  const last = toNumberOrNull((await rows.one('SELECT MAX(slot) FROM rollup'))?.[0])
  return first === null || last === null ? null : { first, last }
}
