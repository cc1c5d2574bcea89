import type { RateRow } from '../ledger.ts'
import { type ColumnType, type HotQueries, transposed, unnested } from './hot-queries.ts'
import { chunks } from './messages.ts'
import type { StagedMap } from './staged-map.ts'
import { storable } from './text.ts'

const COLUMNS: readonly ColumnType[] = [
  ['rate_key', 'text'],
  ['model', 'text'],
  ['description', 'text'],
  ['prices', 'text'],
]
const names = COLUMNS.map(([name]) => name).join(', ')
const INSERT = `INSERT INTO rate(${names}) SELECT ${names} FROM ${unnested(COLUMNS)}
  ON CONFLICT (rate_key) DO NOTHING RETURNING id, rate_key`
const FIND = 'SELECT id, rate_key FROM rate WHERE rate_key = ANY($1::text[])'

/** Ids of the rates, by key; unknown ones are stored. */
export async function internRates(
  hot: HotQueries,
  ids: StagedMap<string, number>,
  rates: readonly RateRow[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  const wanted = new Map(rates.map((rate) => [storable(rate.key), rate]))
  for (const key of wanted.keys()) {
    const id = ids.get(key)
    if (id !== undefined) found.set(key, id)
  }
  const missing = () => [...wanted.keys()].filter((key) => !found.has(key))
  const ask = async (query: string, values: readonly unknown[]) => {
    for (const [id, key] of await hot.rows(query, values)) {
      found.set(String(key), Number(id))
      ids.set(String(key), Number(id))
    }
  }
  for (const chunk of chunks(missing())) await ask(FIND, [chunk])
  const unknown = missing().sort()
  for (const chunk of chunks(unknown)) {
    const rows = chunk.map((key) => {
      const rate = wanted.get(key)
      return [key, rate?.model, rate?.description, JSON.stringify(rate?.pico)]
    })
    await ask(INSERT, transposed(rows, COLUMNS.length))
  }
  // Somebody else stored them at the same time.
  for (const chunk of chunks(missing())) await ask(FIND, [chunk])
  return new Map(rates.map(({ key }) => [key, found.get(storable(key)) ?? 0]))
}
