import type { BucketReport } from '../../../core/organization.ts'
import type { ApiQuery, ApiUsageSum, BilledSum } from '../../organization.ts'
import type { Rows } from '../rows.ts'
import { fromAmount, fromSums, sumColumns } from './amount.ts'
import { COST, USAGE } from './buckets.ts'
import { labelGroups } from './labels.ts'
import { bucketAcross } from './replace.ts'

/** Sums of one group; null columns: at least one row has no value. */
interface Group {
  readonly slot: number
  readonly group: readonly string[]
  readonly sums: (bigint | null)[]
}

export function readApiUsage(rows: Rows, query: ApiQuery): ApiUsageSum[] {
  return groupSums(rows, 'api_usage', USAGE.columns, query).map(({ slot, group, sums }) => {
    const [input, cacheWrite5m, cacheWrite1h, cacheRead, output, webSearches, requests] = sums
    return {
      slot,
      group,
      input: input ?? 0n,
      cacheWrite5m: cacheWrite5m ?? 0n,
      cacheWrite1h: cacheWrite1h ?? 0n,
      cacheRead: cacheRead ?? 0n,
      output: output ?? 0n,
      webSearches: webSearches ?? 0n,
      requests: requests ?? null,
    }
  })
}

export function readBilledCost(rows: Rows, query: ApiQuery): BilledSum[] {
  return groupSums(rows, 'api_cost', COST.columns, query).map(({ slot, group, sums }) => {
    const [usd, pico, listUsd, listPico] = sums
    const list = listUsd === null || listPico === null ? null : fromAmount(listUsd, listPico)
    return { slot, group, amountPico: fromAmount(usd, pico), listPico: list }
  })
}

function groupSums(rows: Rows, table: string, columns: readonly string[], query: ApiQuery): Group[] {
  const groups = new Map<string, Group>()
  const known = rows.all('SELECT DISTINCT organization FROM api_label').map(([name]) => String(name))
  const wanted = query.organization === undefined ? known : known.filter((name) => name === query.organization)
  for (const organization of wanted) {
    const labels = labelGroups(rows, organization, query.by)
    for (const slot of slotsOf(query)) {
      for (const { label, sums } of labelSums(rows, table, columns, { organization, ...slot })) {
        const group = labels.get(label)
        if (group === undefined) throw new Error(`${table}: label ${label} is missing`)
        const key = JSON.stringify([slot.index, ...group])
        const sofar = groups.get(key)
        if (sofar === undefined) groups.set(key, { slot: slot.index, group, sums })
        else addSums(sofar.sums, sums)
      }
    }
  }
  return [...groups.values()].sort((a, b) => a.slot - b.slot || compareTexts(a.group, b.group))
}

interface Slot {
  readonly index: number
  readonly from: number
  readonly to: number
}

/** The last boundary opens a group that ends with the query. */
function slotsOf({ from, to, edges }: ApiQuery): Slot[] {
  if (edges === undefined) return [{ index: 0, from, to }]
  return edges
    .map((edge, index) => ({ index, from: Math.max(edge, from), to: Math.min(edges[index + 1] ?? to, to) }))
    .filter((slot) => slot.from < slot.to)
}

function labelSums(
  rows: Rows,
  table: string,
  columns: readonly string[],
  { organization, from, to }: Omit<Slot, 'index'> & { readonly organization: string },
): { label: number; sums: (bigint | null)[] }[] {
  const selected = columns.flatMap((column) => [...sumColumns(column), `COUNT(*) - COUNT(${column})`])
  return rows
    .all(
      `SELECT label_id, ${selected.join(', ')} FROM ${table}
       WHERE organization = ? AND start >= ? AND start < ? GROUP BY label_id`,
      organization,
      from,
      to,
    )
    .map(([label, ...cells]) => ({
      label: Number(label),
      sums: columns.map((_, index) => {
        const [high, low, missing] = cells.slice(index * 3)
        return Number(missing) > 0 ? null : fromSums(high, low)
      }),
    }))
}

function addSums(sums: (bigint | null)[], more: readonly (bigint | null)[]): void {
  for (const [index, value] of more.entries()) {
    const sum = sums[index] ?? null
    sums[index] = sum === null || value === null ? null : sum + value
  }
}

function compareTexts(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const other = b[index] ?? ''
    if (text !== other) return text < other ? -1 : 1
  }
  return 0
}

const TABLES: Readonly<Record<BucketReport, string>> = {
  usage: 'api_usage',
  cost: 'api_cost',
  'claude-code': 'claude_code_day',
}

/** The smallest range around another that no stored bucket lies across an end of. */
export function widen(
  rows: Rows,
  organization: string,
  report: BucketReport,
  range: { readonly from: number; readonly to: number },
): { from: number; to: number } {
  let { from, to } = range
  for (;;) {
    const before = bucketAcross(rows, TABLES[report], { organization, at: from })
    const after = bucketAcross(rows, TABLES[report], { organization, at: to })
    if (before === null && after === null) return { from, to }
    from = before?.start ?? from
    to = after?.end ?? to
  }
}

/** Organisations that anything is known of, sorted. */
export function readOrganizations(rows: Rows): string[] {
  const found = rows.all(
    `SELECT organization FROM organization
     UNION SELECT organization FROM api_coverage
     UNION SELECT organization FROM claude_code_day
     UNION SELECT known.organization FROM (SELECT DISTINCT organization FROM api_label) known
       WHERE EXISTS (SELECT 1 FROM api_usage WHERE api_usage.organization = known.organization)
       OR EXISTS (SELECT 1 FROM api_cost WHERE api_cost.organization = known.organization)`,
  )
  return found.map(([name]) => String(name)).sort()
}
