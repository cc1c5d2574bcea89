import { accumulate, MEASURES, type Measures } from '../../core/measures.ts'
import type { Rows } from './rows.ts'

const measures = MEASURES.join(', ')
const sums = MEASURES.map((name) => `SUM(${name})`).join(', ')

export interface SumQuery {
  readonly columns: readonly string[]
  /** Table and condition. */
  readonly from: string
  readonly parameters: readonly unknown[]
}

/** Sums of all measures per group. The database refuses sums beyond 64 bits; then they are added here. */
export function summed(rows: Rows, { columns, from, parameters }: SumQuery): { key: unknown[]; values: Measures }[] {
  const list = columns.join(', ')
  const split = (row: unknown[]) => ({
    key: row.slice(0, columns.length),
    values: row.slice(columns.length) as Measures,
  })
  try {
    return rows.all(`SELECT ${list}, ${sums} FROM ${from} GROUP BY ${list}`, ...parameters).map(split)
  } catch (error) {
    if (!(error instanceof Error) || error.message !== 'integer overflow') throw error
    const groups = new Map<string, { key: unknown[]; values: Measures }>()
    for (const { key, values } of rows.all(`SELECT ${list}, ${measures} FROM ${from}`, ...parameters).map(split)) {
      const group = groups.get(key.join())
      if (group) accumulate(group.values, values)
      else groups.set(key.join(), { key, values })
    }
    return [...groups.values()]
  }
}
