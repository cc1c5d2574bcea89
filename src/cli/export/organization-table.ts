import { decimalFromPico } from '../../core/money.ts'
import { isoDate } from '../../core/period.ts'
import { DAY_MS } from '../../core/time.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { API_DIMENSIONS, type ApiDimension, type ApiUsageSum, type BilledSum } from '../../ledger/organization.ts'
import { inDayChunks } from './day-chunks.ts'
import type { ExportColumn, ExportRow, ExportTable } from './table.ts'

/** What the rows of an organisation's reports can be grouped by. Days are UTC. */
export const API_GROUPINGS = ['day', ...API_DIMENSIONS] as const
export type ApiGrouping = (typeof API_GROUPINGS)[number]

export const DEFAULT_API_BY = {
  billed: ['day', 'organization', 'workspace', 'model', 'cost_type', 'token_type', 'description'],
  api: ['day', 'organization', 'workspace', 'api_key', 'model'],
} as const satisfies Record<string, readonly ApiGrouping[]>

export interface OrganizationExport {
  readonly ledger: Ledger
  readonly type: 'billed' | 'api'
  /** Epoch milliseconds, from inclusive, to exclusive. */
  readonly from: number
  readonly to: number
  readonly by: readonly ApiGrouping[]
}

type Figure<Sum> = ExportColumn & { readonly of: (sum: Sum) => ExportRow[number] }

const BILLED: readonly Figure<BilledSum>[] = [
  decimal('billed_cost_usd', 'billedCostUsd', ({ amountPico }) => decimalFromPico(amountPico)),
  decimal('list_cost_usd', 'listCostUsd', ({ listPico }) => (listPico === null ? null : decimalFromPico(listPico))),
]

const API: readonly Figure<ApiUsageSum>[] = [
  integer('input_tokens', ['tokens', 'input'], ({ input }) => input),
  integer('cache_write_5m_tokens', ['tokens', 'cacheWrite5m'], ({ cacheWrite5m }) => cacheWrite5m),
  integer('cache_write_1h_tokens', ['tokens', 'cacheWrite1h'], ({ cacheWrite1h }) => cacheWrite1h),
  integer('cache_read_tokens', ['tokens', 'cacheRead'], ({ cacheRead }) => cacheRead),
  integer('output_tokens', ['tokens', 'output'], ({ output }) => output),
  integer('total_tokens', ['tokens', 'total'], totalTokens),
  integer('requests', ['requests'], ({ requests }) => requests),
  integer('web_searches', ['webSearches'], ({ webSearches }) => webSearches),
]

/** What organisations' reports say. Rows ascend by day, where there are days, then by the other columns. */
export function organizationTable(options: OrganizationExport): ExportTable {
  const { ledger, type } = options
  return type === 'billed'
    ? tableOf(options, BILLED, (query) => ledger.billedCost(query))
    : tableOf(options, API, (query) => ledger.apiUsage(query))
}

interface Query {
  readonly from: number
  readonly to: number
  readonly by: readonly ApiDimension[]
  readonly edges?: readonly number[]
}

function tableOf<Sum extends { readonly slot: number; readonly group: readonly string[] }>(
  { from, to, by }: OrganizationExport,
  figures: readonly Figure<Sum>[],
  read: (query: Query) => Promise<readonly Sum[]>,
): ExportTable {
  const dimensions = by.filter((name) => name !== 'day')
  const rowOf = (sum: Sum, days: readonly number[]): ExportRow => {
    const values = by.map((name) =>
      name === 'day' ? isoDate(days[sum.slot] ?? 0, 'UTC') : (sum.group[dimensions.indexOf(name)] ?? ''),
    )
    return [...values, ...figures.map(({ of }) => of(sum))]
  }
  const rows = async (start: number, end: number, edges: readonly number[]) =>
    (await read({ from: start, to: end, by: dimensions, edges })).map((sum) => rowOf(sum, edges))
  return {
    columns: [...by.map((name): ExportColumn => ({ name, path: ['group', name], kind: 'text' })), ...figures],
    async *chunks() {
      if (by.includes('day')) yield* inDayChunks(utcDays(from, to), to, rows)
      else yield await rows(from, to, [from])
    },
  }
}

function utcDays(from: number, to: number): number[] {
  const days: number[] = []
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < to; day += DAY_MS) days.push(day)
  return days
}

function totalTokens({ input, cacheWrite5m, cacheWrite1h, cacheRead, output }: ApiUsageSum): bigint {
  return input + cacheWrite5m + cacheWrite1h + cacheRead + output
}

function integer<Sum>(name: string, path: ExportColumn['path'], of: (sum: Sum) => bigint | null): Figure<Sum> {
  return { name, path, kind: 'integer', of }
}

function decimal<Sum>(name: string, member: string, of: (sum: Sum) => string | null): Figure<Sum> {
  return { name, path: [member], kind: 'decimal', of }
}
