import { accumulate, isZero, MEASURES, type Measures } from '../../core/measures.ts'
import type { SourceTally } from '../ledger.ts'
import { type ColumnType, type HotQueries, transposed, unnested } from './hot-queries.ts'
import { MEASURE_TYPES } from './message-row.ts'
import { chunks } from './messages.ts'

interface Sum {
  readonly key: readonly number[]
  readonly values: Measures
  /** True once something was taken away. */
  mayBeEmpty: boolean
}

/** Sums of measures by ids, added up in memory and written once, in the order that everybody keeps to. */
export class MeasureSums {
  readonly #hot: HotQueries
  readonly #width: number
  readonly #add: string
  readonly #removeEmpty: string | null
  readonly #sums = new Map<string, Sum>()

  constructor(hot: HotQueries, table: string, key: readonly ColumnType[], { keepEmpty }: { keepEmpty: boolean }) {
    this.#hot = hot
    const columns = [...key, ...MEASURE_TYPES]
    const names = columns.map(([name]) => name).join(', ')
    this.#width = columns.length
    this.#add = `INSERT INTO ${table}(${names}) SELECT ${names} FROM ${unnested(columns)}
      ON CONFLICT (${key.map(([name]) => name).join(', ')}) DO UPDATE
      SET ${MEASURES.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ')}`
    this.#removeEmpty = keepEmpty
      ? null
      : `DELETE FROM ${table} USING ${unnested(key)}
         WHERE ${key.map(([name]) => `${table}.${name} = u.${name}`).join(' AND ')}
         AND ${MEASURES.map((name) => `${table}.${name} = 0`).join(' AND ')}`
  }

  add(key: readonly number[], values: Measures): void {
    const text = key.join()
    const sum = this.#sums.get(text) ?? { key, values: MEASURES.map(() => 0), mayBeEmpty: false }
    accumulate(sum.values, values)
    sum.mayBeEmpty ||= values.some((value) => value < 0)
    this.#sums.set(text, sum)
  }

  async flush(): Promise<void> {
    const sums = [...this.#sums.values()].filter(({ values }) => !isZero(values)).sort(byKey)
    for (const chunk of chunks(sums)) {
      const rows = chunk.map(({ key, values }) => [...key, ...values])
      await this.#hot.count(this.#add, transposed(rows, this.#width))
    }
    // An empty row would make a session or label look used that another one turned out to own everything of.
    const maybeEmpty = this.#removeEmpty === null ? [] : sums.filter((sum) => sum.mayBeEmpty)
    for (const chunk of chunks(maybeEmpty.map(({ key }) => key))) {
      await this.#hot.count(this.#removeEmpty ?? '', transposed(chunk, this.#width - MEASURES.length))
    }
    this.#sums.clear()
  }
}

function byKey(a: Sum, b: Sum): number {
  for (const [index, value] of a.key.entries()) {
    const order = value - (b.key[index] ?? 0)
    if (order !== 0) return order
  }
  return 0
}

const TALLY: readonly ColumnType[] = [
  ['source', 'text'],
  ['name', 'text'],
  ['value', 'bigint'],
]
const ADD_TALLIES = `INSERT INTO tally(machine_id, source, name, value)
  SELECT $${TALLY.length + 1}::integer, source, name, value FROM ${unnested(TALLY)}
  ON CONFLICT (machine_id, source, name) DO UPDATE SET value = CASE tally.name
    WHEN 'newest' THEN GREATEST(tally.value, excluded.value) ELSE tally.value + excluded.value END`

/** What a machine read, per source. */
export class Tallies {
  readonly #hot: HotQueries
  readonly #machineId: number
  readonly #values = new Map<string, { source: string; name: string; value: number }>()

  constructor(hot: HotQueries, machineId: number) {
    this.#hot = hot
    this.#machineId = machineId
  }

  add({ source, lines, bytes, duplicates, rejected, newest }: SourceTally): void {
    this.#add(source, 'lines', lines)
    this.#add(source, 'bytes', bytes)
    if (duplicates > 0) this.#add(source, 'duplicates', duplicates)
    for (const [reason, count] of Object.entries(rejected)) this.#add(source, `rejected:${reason}`, count)
    this.#add(source, 'newest', newest)
  }

  async flush(): Promise<void> {
    if (this.#values.size === 0) return
    const rows = [...this.#values]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { source, name, value }]) => [source, name, value])
    await this.#hot.count(ADD_TALLIES, [...transposed(rows, TALLY.length), this.#machineId])
    this.#values.clear()
  }

  #add(source: string, name: string, value: number): void {
    const text = `${source}\n${name}`
    const before = this.#values.get(text)?.value ?? 0
    this.#values.set(text, { source, name, value: name === 'newest' ? Math.max(before, value) : before + value })
  }
}
