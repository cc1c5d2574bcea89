import { decimalFromPico } from '../../core/money.ts'
import { dayStarts } from '../../core/period.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { type Group, queryGroups } from '../../report/groups.ts'
import type { Grouping, ReportFilters } from '../../report/options.ts'
import type { Period } from '../../report/period.ts'
import { cacheHitRatio, count, estimatedPico, planPico, tokensOf, totalTokens } from '../../report/totals.ts'
import { inDayChunks } from './day-chunks.ts'
import type { ExportColumn, ExportRow, ExportTable } from './table.ts'

export interface UsageExport {
  readonly ledger: Ledger
  readonly period: Period
  readonly timeZone: string
  readonly by: readonly Grouping[]
  readonly where: ReportFilters
}

const FIGURES: readonly (ExportColumn & { readonly of: (group: Group) => ExportRow[number] })[] = [
  integer('input_tokens', ['tokens', 'input'], ({ totals }) => tokensOf(totals, 'input')),
  integer('cache_write_5m_tokens', ['tokens', 'cacheWrite5m'], ({ totals }) => tokensOf(totals, 'cache_write_5m')),
  integer('cache_write_1h_tokens', ['tokens', 'cacheWrite1h'], ({ totals }) => tokensOf(totals, 'cache_write_1h')),
  integer('cache_read_tokens', ['tokens', 'cacheRead'], ({ totals }) => tokensOf(totals, 'cache_read')),
  integer('output_tokens', ['tokens', 'output'], ({ totals }) => tokensOf(totals, 'output')),
  integer('total_tokens', ['tokens', 'total'], ({ totals }) => totalTokens(totals)),
  integer('requests', ['requests'], ({ totals }) => count(totals, 'requests')),
  integer('web_searches', ['webSearches'], ({ totals }) => count(totals, 'web_searches')),
  {
    name: 'estimated_cost_usd',
    path: ['estimatedCostUsd'],
    kind: 'decimal',
    of: ({ totals }) => decimalFromPico(estimatedPico(totals)),
  },
  {
    name: 'plan_value_usd',
    path: ['planValueUsd'],
    kind: 'decimal',
    of: ({ totals }) => decimalFromPico(planPico(totals)),
  },
  integer('unpriced_tokens', ['unpricedTokens'], ({ totals }) => count(totals, 'unpriced')),
  { name: 'cache_hit_ratio', path: ['cacheHitRatio'], kind: 'ratio', of: ({ totals }) => cacheHitRatio(totals) },
]

export const DEFAULT_USAGE_BY: readonly Grouping[] = ['day', 'source', 'agent', 'project', 'provider', 'model']

/** Groupings with the source before sessions: their ids are unique within their source only. */
export function completeGroupings(by: readonly Grouping[]): readonly Grouping[] {
  if (!by.includes('session') || by.includes('source')) return by
  return by.flatMap((name): Grouping[] => (name === 'session' ? ['source', name] : [name]))
}

/** Usage of the session logs. Rows ascend by day, where there are days, then by the other columns. */
export function usageTable({ ledger, period, timeZone, by, where }: UsageExport): ExportTable {
  const read = async (from: number, to: number): Promise<ExportRow[]> => {
    const query = { period: { ...period, from, to }, timeZone, by, where, countSessions: false }
    const groups = await queryGroups(ledger, query)
    groups.sort((a, b) => compareKeys(a.key, b.key, by.indexOf('day')))
    return groups.map((group) => [...group.key, ...FIGURES.map(({ of }) => of(group))])
  }
  return {
    columns: [...by.map((name): ExportColumn => ({ name, path: ['group', name], kind: 'text' })), ...FIGURES],
    async *chunks() {
      if (!by.includes('day')) yield await read(period.from, period.to)
      else {
        const days = dayStarts(period.from, period.to, timeZone)
        // A period may begin within its first day.
        yield* inDayChunks(days, period.to, (from, to) => read(Math.max(from, period.from), to))
      }
    },
  }
}

function integer(
  name: string,
  path: ExportColumn['path'],
  of: (group: Group) => bigint,
): ExportColumn & { readonly of: (group: Group) => bigint } {
  return { name, path, kind: 'integer', of }
}

/** By the value at `first`, where that is not negative, then by all in their order. */
function compareKeys(a: readonly string[], b: readonly string[], first: number): number {
  const places = first < 0 ? [...a.keys()] : [first, ...a.keys()]
  for (const place of places) {
    const [one = '', other = ''] = [a[place], b[place]]
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}
