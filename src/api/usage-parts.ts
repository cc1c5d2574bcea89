import type { Billing } from '../core/usage.ts'
import type { Dimension, UsageRow } from '../ledger/ledger.ts'
import type { Grouping } from '../report/options.ts'
import { addTotals, addValues, emptyTotals, type Totals } from '../report/totals.ts'
import { badParameter } from './problem.ts'
import { type UsageReader, usageSlices } from './sliced.ts'

/** More rows than this are for an export, not for one answer. */
export const MAX_ROWS = 10_000

/** Use of one provider, taken apart in several ways. Each of them adds up to the totals. */
export interface UsageParts {
  readonly totals: Totals
  readonly byModel: Sums
  readonly byAgent: Sums
  readonly byProject: Sums
  /** By index of the day. */
  readonly byDay: readonly Totals[]
  /** Empty unless something is grouped by. */
  readonly groups: Sums
}

/** Sums by what they are about. */
export type Sums = ReadonlyMap<string, Sum>
export interface Sum {
  readonly key: readonly string[]
  readonly totals: Totals
}

export interface PartsQuery {
  /** Epoch milliseconds, whole quarters of an hour. */
  readonly from: number
  readonly to: number
  /** Starts of its days, ascending, and what they are called. */
  readonly days: readonly number[]
  readonly dates: readonly string[]
  readonly by: readonly Grouping[]
  /** Null for all of them. */
  readonly provider: string | null
}

type Column = Exclude<Dimension, 'day'>
const COLUMNS = ['provider', 'model', 'source', 'agent', 'project', 'billing'] as const satisfies readonly Column[]

/**
 * Everything that a usage document shows, by provider, in one pass: all parts are of the same responses. Throws
 * ApiProblem where there are too many rows. Rejects with LedgerError.
 */
export async function readParts(ledger: UsageReader, query: PartsQuery): Promise<ReadonlyMap<string, UsageParts>> {
  const { from, to, days, by, provider } = query
  const extra = by.filter((name): name is Column => name !== 'day' && !COLUMNS.some((column) => column === name))
  const columns = [...COLUMNS, ...extra]
  const where = provider === null ? {} : { provider }
  const drafts = new Map<string, Draft>()
  for await (const rows of usageSlices(ledger, { from, to, days, by: columns, where })) {
    for (const row of rows) {
      const [name = ''] = row.group
      const draft = drafts.get(name) ?? new Draft(query, columns)
      drafts.set(name, draft)
      draft.add(row)
    }
  }
  return drafts
}

class Draft implements UsageParts {
  readonly totals = emptyTotals()
  readonly byModel = new Map<string, Sum>()
  readonly byAgent = new Map<string, Sum>()
  readonly byProject = new Map<string, Sum>()
  readonly byDay: readonly Totals[]
  readonly groups = new Map<string, Sum>()
  readonly #query: PartsQuery
  readonly #columns: readonly Column[]

  constructor(query: PartsQuery, columns: readonly Column[]) {
    this.#query = query
    this.#columns = columns
    this.byDay = query.days.map(emptyTotals)
  }

  add(row: UsageRow): void {
    const [, model = '', source = '', agent = '', project = '', billing = 'metered'] = row.group
    const more = emptyTotals()
    addValues(more, billing as Billing, row.values)
    addTotals(this.totals, more)
    addSum(this.byModel, [model], [model], more)
    addSum(this.byAgent, [source, agent], [source, agent], more)
    addSum(this.byProject, [project], [project], more)
    const day = this.byDay[row.day]
    if (day !== undefined) addTotals(day, more)
    const { by } = this.#query
    if (by.length > 0) {
      const key = by.map((name) => this.#valueOf(row, name))
      // Ids of sessions are unique within their source only.
      addSum(this.groups, by.includes('session') ? [source, ...key] : key, key, more)
    }
    for (const sums of [this.byModel, this.byAgent, this.byProject, this.groups]) checkSize(sums)
  }

  #valueOf({ day, group }: UsageRow, name: Grouping): string {
    return (name === 'day' ? this.#query.dates[day] : group[this.#columns.indexOf(name)]) ?? ''
  }
}

function addSum(sums: Map<string, Sum>, id: readonly string[], key: readonly string[], more: Totals): void {
  const text = JSON.stringify(id)
  const sum = sums.get(text)
  if (sum === undefined) sums.set(text, { key, totals: addTotals(emptyTotals(), more) })
  else addTotals(sum.totals, more)
}

function checkSize(sums: Sums): void {
  if (sums.size <= MAX_ROWS) return
  throw badParameter(
    'by',
    `The answer would have more than ${MAX_ROWS} rows: ask for a shorter range or less in "by", or use claude-usage-exporter export.`,
  )
}
