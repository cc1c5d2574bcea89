import type { BilledBucket, BucketQuery, UsageBucket } from '../../budgets.ts'
import { fromAmount, fromSums, sumColumns } from '../amount.ts'
import { chunksOf, marksOf } from '../chunks.ts'
import type { Rows } from '../store.ts'

/**
 * Amounts per bucket, over the labels that match. Two organisations whose reports come in buckets of different widths
 * give one of each width, the shorter first.
 */
export async function readBilledBuckets(rows: Rows, query: BucketQuery): Promise<BilledBucket[]> {
  const buckets = await bucketSums(rows, 'api_cost', ['amount_usd', 'amount_pico'], query)
  return buckets.map(({ start, widthMs, sums }) => ({
    start,
    widthMs,
    amountPico: fromAmount(sums[0], sums[1]),
  }))
}

/** Tokens per bucket, over the labels that match; widths as above. */
export async function readUsageBuckets(rows: Rows, query: BucketQuery): Promise<UsageBucket[]> {
  const columns = ['input', 'cache_write_5m', 'cache_write_1h', 'cache_read', 'output']
  const buckets = await bucketSums(rows, 'api_usage', columns, query)
  return buckets.map(({ start, widthMs, sums }) => {
    const [input = 0n, cacheWrite5m = 0n, cacheWrite1h = 0n, cacheRead = 0n, output = 0n] = sums
    return { start, widthMs, tokens: [input, cacheWrite5m, cacheWrite1h, cacheRead, output] }
  })
}

interface BucketSum {
  readonly start: number
  readonly widthMs: number
  readonly sums: bigint[]
}

async function bucketSums(
  rows: Rows,
  table: string,
  columns: readonly string[],
  query: BucketQuery,
): Promise<BucketSum[]> {
  const selected = columns.flatMap(sumColumns).join(', ')
  const buckets = new Map<string, BucketSum>()
  for (const { organization, labels } of await matchingLabels(rows, query.matches)) {
    for (const chunk of labels === 'all' ? [null] : chunksOf(labels)) {
      const condition = chunk === null ? '' : ` AND label_id IN (${marksOf(chunk)})`
      for (const [start, width, ...cells] of await rows.all(
        `SELECT start, width, ${selected} FROM ${table}
         WHERE organization = ? AND start >= ? AND start < ?${condition} GROUP BY start, width`,
        organization,
        query.from,
        query.to,
        ...(chunk ?? []),
      )) {
        const key = `${start} ${width}`
        const sums = columns.map((_, index) => fromSums(cells[index * 2], cells[index * 2 + 1]))
        const known = buckets.get(key)
        if (known === undefined) buckets.set(key, { start: Number(start), widthMs: Number(width), sums })
        else for (const [index, sum] of sums.entries()) known.sums[index] = (known.sums[index] ?? 0n) + sum
      }
    }
  }
  return [...buckets.values()].sort((a, b) => a.start - b.start || a.widthMs - b.widthMs)
}

interface Matching {
  readonly organization: string
  /** Label ids, never none. */
  readonly labels: readonly number[] | 'all'
}

async function matchingLabels(rows: Rows, matches: BucketQuery['matches']): Promise<Matching[]> {
  const found = new Map<string, { ids: number[]; known: number }>()
  for (const [id, ...texts] of await rows.all(
    'SELECT id, organization, workspace_id, api_key_id, model FROM api_label',
  )) {
    const [organization = '', workspace = '', apiKey = '', model = ''] = texts.map(String)
    const labels = found.get(organization) ?? { ids: [], known: 0 }
    found.set(organization, labels)
    labels.known += 1
    if (matches({ organization, workspace, apiKey, model })) labels.ids.push(Number(id))
  }
  return [...found]
    .filter(([, { ids }]) => ids.length > 0)
    .map(([organization, { ids, known }]) => ({ organization, labels: ids.length === known ? 'all' : ids }))
}
