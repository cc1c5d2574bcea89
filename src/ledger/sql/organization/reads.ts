import type { BucketReport } from '../../../core/organization.ts'
import type { ApiQuery, ApiUsageSum, BilledSum } from '../../organization.ts'
import { fromAmount, fromSums, sumColumns } from '../amount.ts'
import { type DayRun, dayOf, equalDays } from '../day-runs.ts'
import type { Rows } from '../store.ts'
import { compareTextLists } from '../text.ts'
import { COST, USAGE } from './buckets.ts'
import { labelGroups } from './labels.ts'
import { bucketAcross } from './replace.ts'

/** Sums of one group; null columns: at least one row has no value. */
interface Group {
  readonly slot: number
  readonly group: readonly string[]
  readonly sums: (bigint | null)[]
}

export async function readApiUsage(rows: Rows, query: ApiQuery): Promise<ApiUsageSum[]> {
  const groups = await groupSums(rows, 'api_usage', USAGE.columns, query)
  return groups.map(({ slot, group, sums }) => {
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

export async function readBilledCost(rows: Rows, query: ApiQuery): Promise<BilledSum[]> {
  const groups = await groupSums(rows, 'api_cost', COST.columns, query)
  return groups.map(({ slot, group, sums }) => {
    const [usd, pico, listUsd, listPico] = sums
    const list = listUsd === null || listPico === null ? null : fromAmount(listUsd, listPico)
    return { slot, group, amountPico: fromAmount(usd, pico), listPico: list }
  })
}

async function groupSums(rows: Rows, table: string, columns: readonly string[], query: ApiQuery): Promise<Group[]> {
  const groups = new Map<string, Group>()
  const found = await rows.all('SELECT DISTINCT organization FROM api_label')
  const known = found.map(([name]) => String(name))
  const wanted = query.organization === undefined ? known : known.filter((name) => name === query.organization)
  for (const organization of wanted) {
    const labels = await labelGroups(rows, organization, query.by)
    for (const run of query.edges === undefined ? [null] : equalDays(query.edges, query.to)) {
      for (const { slot, label, sums } of await labelSums(rows, table, columns, { organization, query, run })) {
        const group = labels.get(label)
        if (group === undefined) throw new Error(`${table}: label ${label} is missing`)
        const key = JSON.stringify([slot, ...group])
        const sofar = groups.get(key)
        if (sofar === undefined) groups.set(key, { slot, group, sums })
        else addSums(sofar.sums, sums)
      }
    }
  }
  return [...groups.values()].sort((a, b) => a.slot - b.slot || compareTextLists(a.group, b.group))
}

interface Range {
  readonly organization: string
  readonly query: ApiQuery
  /** Groups of time of the same length; null for all of the query in one. */
  readonly run: DayRun | null
}

interface LabelSum {
  readonly slot: number
  readonly label: number
  readonly sums: (bigint | null)[]
}

async function labelSums(
  rows: Rows,
  table: string,
  columns: readonly string[],
  { organization, query, run }: Range,
): Promise<LabelSum[]> {
  const from = run === null ? query.from : Math.max(run.start, query.from)
  const to = run === null ? query.to : Math.min(run.end, query.to)
  if (from >= to) return []
  const selected = columns.flatMap((column) => [...sumColumns(column), `CAST(COUNT(*) - COUNT(${column}) AS BIGINT)`])
  const found = await rows.all(
    `SELECT ${run === null ? '0' : dayOf('start', run)}, label_id, ${selected.join(', ')} FROM ${table}
     WHERE organization = ? AND start >= ? AND start < ? GROUP BY ${run === null ? 'label_id' : '1, 2'}`,
    organization,
    from,
    to,
  )
  return found.map(([day, label, ...cells]) => ({
    slot: run === null ? 0 : run.firstDay + Number(day),
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

const TABLES: Readonly<Record<BucketReport, string>> = {
  usage: 'api_usage',
  cost: 'api_cost',
  'claude-code': 'claude_code_day',
}

/** The smallest range around another that no stored bucket lies across an end of. */
export async function widen(
  rows: Rows,
  organization: string,
  report: BucketReport,
  range: { readonly from: number; readonly to: number },
): Promise<{ from: number; to: number }> {
  let { from, to } = range
  for (;;) {
    const before = await bucketAcross(rows, TABLES[report], { organization, at: from })
    const after = await bucketAcross(rows, TABLES[report], { organization, at: to })
    if (before === null && after === null) return { from, to }
    from = before?.start ?? from
    to = after?.end ?? to
  }
}

/** Organisations that anything is known of, sorted. */
export async function readOrganizations(rows: Rows): Promise<string[]> {
  const found = await rows.all(
    `SELECT organization FROM organization
     UNION SELECT organization FROM api_coverage
     UNION SELECT organization FROM claude_code_day
     UNION SELECT known.organization FROM (SELECT DISTINCT organization FROM api_label) known
       WHERE EXISTS (SELECT 1 FROM api_usage WHERE api_usage.organization = known.organization)
       OR EXISTS (SELECT 1 FROM api_cost WHERE api_cost.organization = known.organization)`,
  )
  return found.map(([name]) => String(name)).sort()
}
