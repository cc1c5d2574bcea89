import { MEASURES, type Measures, zeroMeasures } from '../../core/measures.ts'
import { PICO_PER_USD } from '../../core/money.ts'
import type { SourceName } from '../../core/usage.ts'
import { COST_ORIGINS } from '../append.ts'
import type { CounterChange, Label, LabelRow, RollupChange, SourceTally, StoredPart, UnloggedRow } from '../ledger.ts'
import type { Rows } from './rows.ts'
import { summed } from './sums.ts'
import { type StoredLabel, toLabelRow } from './transaction.ts'

const measures = MEASURES.join(', ')

export function readLabels(rows: Rows): LabelRow[] {
  return rows
    .all(
      `SELECT id, source, agent, provider, model, model_id, project, branch, billing, exposed, zero_until, folded
       FROM label ORDER BY id`,
    )
    .map(([id, source, agent, provider, model, model_id, project, branch, billing, exposed, zero_until, folded]) =>
      toLabelRow({
        id,
        source,
        agent,
        provider,
        model,
        model_id,
        project,
        branch,
        billing,
        exposed,
        zero_until,
        folded,
      } as StoredLabel),
    )
}

export function readCounters(rows: Rows): CounterChange[] {
  const counters = new Map<number, { published: Measures; reversed: Measures }>()
  for (const [label, kind, ...values] of rows.all(`SELECT label_id, kind, ${measures} FROM counter`)) {
    const counter = counters.get(Number(label)) ?? { published: zeroMeasures(), reversed: zeroMeasures() }
    counters.set(Number(label), counter)
    if (Number(kind) === 0) counter.published = values as Measures
    else counter.reversed = values as Measures
  }
  return [...counters].map(([label, counter]) => ({ label, ...counter }))
}

export function readSlots(rows: Rows, from: number, to?: number): RollupChange[] {
  return summed(rows, {
    columns: ['slot', 'label_id'],
    from: `rollup WHERE slot >= ?${to === undefined ? '' : ' AND slot < ?'}`,
    parameters: to === undefined ? [from] : [from, to],
  }).map(({ key: [slot, label], values }) => ({ slot: Number(slot), label: Number(label), values }))
}

export function readTallies(rows: Rows): SourceTally[] {
  const tallies = new Map<string, { -readonly [K in keyof SourceTally]: SourceTally[K] }>()
  for (const [source, name, value] of rows.all('SELECT source, name, value FROM tally')) {
    const key = source as SourceName
    const tally = tallies.get(key) ?? { source: key, lines: 0, bytes: 0, rejected: {}, duplicates: 0, newest: 0 }
    tallies.set(key, tally)
    const [kind, reason] = String(name).split(':')
    if (reason !== undefined) tally.rejected = { ...tally.rejected, [reason]: Number(value) }
    else if (kind === 'lines' || kind === 'bytes' || kind === 'duplicates' || kind === 'newest')
      tally[kind] = Number(value)
  }
  return [...tallies.values()]
}

export function readUnlogged(rows: Rows): UnloggedRow[] {
  return rows
    .all(
      `SELECT session.source, claim.project, claim.model, claim.at, claim.shown_input, claim.shown_output,
         claim.shown_cache_read, claim.shown_cache_write, claim.shown_usd, claim.shown_pico, claim.zero_until
       FROM claim JOIN session ON session.id = claim.session_id
       WHERE shown_input + shown_output + shown_cache_read + shown_cache_write + shown_usd + shown_pico > 0`,
    )
    .map(([source, project, model, at, input, output, cacheRead, cacheWrite, usd, pico, zeroUntil]) => ({
      source: source as SourceName,
      project: String(project),
      model: String(model),
      at: Number(at),
      input: big(input),
      output: big(output),
      cacheRead: big(cacheRead),
      cacheWrite: big(cacheWrite),
      costPico: big(usd) * PICO_PER_USD + big(pico),
      zeroUntil: Number(zeroUntil),
    }))
}

export function readStoredParts(
  rows: Rows,
  labels: ReadonlyMap<number, Label>,
  { from, to, session }: { from: number; to: number; session?: string },
): StoredPart[] {
  const where = `message.at >= ? AND message.at < ?${session === undefined ? '' : ' AND session.ext_id = ?'}`
  const parameters = session === undefined ? [from, to] : [from, to, session]
  const part = (table: string) =>
    `SELECT message.at, session.ext_id, ${table}.label_id, ${table}.cost_origin, ${table}.rate_id,
       ${MEASURES.map((name) => `${table}.${name}`).join(', ')}
     FROM message JOIN session ON session.id = message.session_id
     ${table === 'message' ? '' : 'JOIN message_part ON message_part.key = message.key'} WHERE ${where}`
  const rates = new Map(
    rows
      .all('SELECT id, rate_key, model, description, prices FROM rate')
      .map(([id, key, model, description, prices]) => [
        Number(id),
        {
          key: String(key),
          model: String(model),
          description: String(description),
          pico: JSON.parse(String(prices)) as (number | null)[],
        },
      ]),
  )
  return [...rows.all(part('message'), ...parameters), ...rows.all(part('message_part'), ...parameters)]
    .flatMap(([at, ext, labelId, origin, rateId, ...values]) => {
      const label = labels.get(Number(labelId))
      if (label === undefined) return []
      return {
        time: Number(at),
        session: String(ext),
        label,
        costOrigin: COST_ORIGINS[Number(origin)] ?? 'none',
        rate: rates.get(Number(rateId)) ?? null,
        values: values as Measures,
      }
    })
    .sort((a, b) => a.time - b.time)
}

function big(value: unknown): bigint {
  return BigInt(value as number | bigint)
}

/** First and last slot of the rollup. */
export function readSpan(rows: Rows): { first: number; last: number } | null {
  const first = rows.one('SELECT MIN(slot) FROM rollup')?.[0]
  const last = rows.one('SELECT MAX(slot) FROM rollup')?.[0]
  return first === null || first === undefined ? null : { first: Number(first), last: Number(last) }
}
