import { accumulate, MEASURES, type Measures } from '../../core/measures.ts'
import { LedgerError } from '../ledger.ts'
import { toInt } from './integer.ts'
import type { Rows } from './store.ts'

const measures = MEASURES.join(', ')
// Not cast: where the database can hold a sum of any size it need not be refused.
const sums = MEASURES.map((name) => `SUM(${name})`).join(', ')

export interface SumQuery {
  /** Without parameters. */
  readonly columns: readonly string[]
  /** Table and condition. */
  readonly from: string
  readonly parameters: readonly unknown[]
}

export interface MeasureSum {
  readonly key: unknown[]
  readonly values: Measures
}

/** Sums of all measures per group. SQLite refuses sums beyond 64 bits; then they are added here. */
export async function summed(rows: Rows, { columns, from, parameters }: SumQuery): Promise<MeasureSum[]> {
  const list = columns.join(', ')
  const groupBy = columns.map((_, index) => index + 1).join(', ')
  const split = (row: unknown[]) => ({
    key: row.slice(0, columns.length),
    values: row.slice(columns.length).map(toInt),
  })
  try {
    const found = await rows.all(`SELECT ${list}, ${sums} FROM ${from} GROUP BY ${groupBy}`, ...parameters)
    return found.map(split)
  } catch (error) {
    if (!(error instanceof LedgerError) || error.failure !== 'overflow') throw error
    const groups = new Map<string, MeasureSum>()
    const found = await rows.all(`SELECT ${list}, ${measures} FROM ${from}`, ...parameters)
    for (const { key, values } of found.map(split)) {
      const name = JSON.stringify(key.map(String))
      const group = groups.get(name)
      if (group) accumulate(group.values, values)
      else groups.set(name, { key, values })
    }
    return [...groups.values()]
  }
}
