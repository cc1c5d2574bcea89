import type { ApiLabels, ApiUsageRow, BilledCostRow } from '../../../core/organization.ts'
import type { Window } from '../../organization.ts'
import { toAmount, toOptionalAmount } from '../amount.ts'
import { chunksOf, marksOf, rowChunks, rowMarks } from '../chunks.ts'
import type { Db } from '../store.ts'
import { storedText } from '../text.ts'
import { type LabelValues, labelIds } from './labels.ts'
import type { RowStore, StoredRow } from './replace.ts'

interface BucketTable<Row> {
  readonly report: 'usage' | 'cost'
  readonly table: string
  readonly columns: readonly string[]
  readonly labels: (row: Row) => LabelValues
  /** Values of `columns`. */
  readonly values: (row: Row) => readonly (number | bigint | null)[]
}

const NONE = 'none'

function shared(row: ApiLabels) {
  return [row.workspaceId, row.apiKeyId, row.model, row.serviceTier, row.contextWindow] as const
}

export const USAGE: BucketTable<ApiUsageRow> = {
  report: 'usage',
  table: 'api_usage',
  columns: ['input', 'cache_write_5m', 'cache_write_1h', 'cache_read', 'output', 'web_searches', 'requests'],
  labels: (row) => [...shared(row), NONE, NONE, NONE],
  values: ({ tokens, webSearches, requests }) => [
    tokens.input,
    tokens.cacheWrite5m,
    tokens.cacheWrite1h,
    tokens.cacheRead,
    tokens.output,
    webSearches,
    requests,
  ],
}

export const COST: BucketTable<BilledCostRow> = {
  report: 'cost',
  table: 'api_cost',
  columns: ['amount_usd', 'amount_pico', 'list_usd', 'list_pico'],
  labels: (row) => [...shared(row), row.costType, row.tokenType, row.description],
  values: ({ amountPico, listPico }) => [...toAmount(amountPico), ...toOptionalAmount(listPico)],
}

interface StoredBucket extends StoredRow {
  readonly label: number
}

/** The stored rows of usage or cost within a window; label sets of its rows that are new get their ids. */
export async function bucketStore<Row extends { readonly start: number }>(
  spec: BucketTable<Row>,
  db: Db,
  { organization, generation, widthMs, from, to, rows }: Window<Row>,
): Promise<RowStore<Row, StoredBucket>> {
  const { report, table, columns, values } = spec
  const labels = (row: Row) => spec.labels(row).map(storedText)
  const idOf = await labelIds(db, organization, rows.map(labels))
  const key = (start: number, label: number) => `${start} ${label}`
  const all = ['width', 'generation', ...columns]
  const content = (cells: readonly unknown[]) => cells.map(String).join(' ')
  return {
    report,
    table,
    stored: async () => {
      const found = await db.all(
        `SELECT start, label_id, ${all.join(', ')} FROM ${table} WHERE organization = ? AND start >= ? AND start < ?`,
        organization,
        from,
        to,
      )
      return found.map(([start, label, ...cells]) => ({
        key: key(Number(start), Number(label)),
        content: content(cells),
        start: Number(start),
        label: Number(label),
        width: Number(cells[0]),
        generation: String(cells[1]),
      }))
    },
    key: (row) => key(row.start, idOf(labels(row))),
    content: (row) => content([widthMs, generation, ...values(row)]),
    write: async (changes) => {
      const cells = changes.map(({ row }) => {
        return [organization, row.start, idOf(labels(row)), widthMs, generation, ...values(row)]
      })
      for (const chunk of rowChunks(cells)) {
        await db.run(
          `INSERT INTO ${table}(organization, start, label_id, ${all.join(', ')}) VALUES ${rowMarks(chunk)}
           ON CONFLICT(organization, start, label_id)
           DO UPDATE SET ${all.map((name) => `${name} = excluded.${name}`).join(', ')}`,
          ...chunk.flat(),
        )
      }
    },
    remove: async (gone) => {
      for (const [start, ids] of byStart(gone)) {
        for (const chunk of chunksOf(ids)) {
          await db.run(
            `DELETE FROM ${table} WHERE organization = ? AND start = ? AND label_id IN (${marksOf(chunk)})`,
            organization,
            start,
            ...chunk,
          )
        }
      }
    },
  }
}

function byStart(buckets: readonly StoredBucket[]): ReadonlyMap<number, readonly number[]> {
  const ids = new Map<number, number[]>()
  for (const { start, label } of buckets) {
    const list = ids.get(start) ?? []
    ids.set(start, list)
    list.push(label)
  }
  return ids
}
