import { PICO_PER_USD } from '../../../core/money.ts'
import { DAY_MS } from '../../../core/time.ts'
import type { Rows } from '../store.ts'

/** What no reading of an organisation's reports can have left behind, as sentences; one per organisation and fault. */
export async function checkOrganizations(rows: Rows): Promise<string[]> {
  if (!(await rows.hasTable('api_label'))) return []
  const faults: string[] = []
  for (const { fault, sql } of CHECKS) {
    const found = await rows.all(sql)
    const lines = found.map(([organization, count, first]) => {
      const at = new Date(Number(first))
      const since = Number.isNaN(at.getTime()) ? String(first) : at.toISOString()
      return `${String(organization)}: ${fault}: ${String(count)}, the first at ${since}`
    })
    faults.push(...lines.sort())
  }
  return faults
}

interface Check {
  readonly fault: string
  /** Gives organisation, how many, and the start of the first. */
  readonly sql: string
}

const select = (table: string, condition: string, start = 'start') =>
  `SELECT organization, CAST(COUNT(*) AS BIGINT), MIN(${start}) FROM ${table} WHERE ${condition} GROUP BY organization`

const badWidth = `width <= 0 OR ${DAY_MS} % width <> 0 OR start % width <> 0`
const isAmount = (pico: string) => `${pico} >= 0 AND ${pico} < ${PICO_PER_USD}`
const starts = (table: string) =>
  `(SELECT organization, start, MAX(start + width) AS end_at, MIN(start + width) AS least_end,
      LEAD(start) OVER (PARTITION BY organization ORDER BY start) AS next FROM ${table} GROUP BY organization, start) bucket`

const CHECKS: readonly Check[] = [
  ...['api_usage', 'api_cost'].flatMap((table) => [
    {
      fault: `rows of ${table} without a label of their organisation`,
      sql: select(
        table,
        `NOT EXISTS (SELECT 1 FROM api_label WHERE api_label.id = ${table}.label_id
          AND api_label.organization = ${table}.organization)`,
      ),
    },
    { fault: `rows of ${table} that are no bucket of a day`, sql: select(table, badWidth) },
    { fault: `buckets of ${table} that overlap`, sql: select(starts(table), 'end_at > next OR least_end < end_at') },
  ]),
  {
    fault: 'rows of api_usage with a negative count',
    sql: select(
      'api_usage',
      ['input', 'cache_write_5m', 'cache_write_1h', 'cache_read', 'output', 'web_searches', 'requests']
        .map((column) => `${column} < 0`)
        .join(' OR '),
    ),
  },
  {
    fault: 'rows of api_cost with an amount of the wrong form',
    sql: select(
      'api_cost',
      `NOT (${isAmount('amount_pico')}) OR NOT (list_usd IS NULL AND list_pico IS NULL
        OR list_usd IS NOT NULL AND list_pico IS NOT NULL AND ${isAmount('list_pico')})`,
    ),
  },
  {
    fault: 'covered days that are no days',
    sql: select(
      'api_coverage',
      `day % ${DAY_MS} <> 0 OR complete_to <= day OR complete_to > day + ${DAY_MS} OR width <= 0`,
      'day',
    ),
  },
]
