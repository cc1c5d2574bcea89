import { compareInt } from '../core/integer.ts'
import { MEASURE, MEASURES, type Measure } from '../core/measures.ts'
import { dayStarts, isoDate } from '../core/period.ts'
import type { Billing } from '../core/usage.ts'
import type { Dimension, Ledger, UsageRow } from '../ledger/ledger.ts'
import { giveWay } from '../lib/turns.ts'
import type { Grouping, ReportFilters, Sort } from './options.ts'
import type { Period } from './period.ts'
import { addValues, count, emptyTotals, estimatedPico, planPico, type Totals, totalTokens } from './totals.ts'

/** Usage of one combination of what was grouped by. */
export interface Group {
  /** Values in the order of the groupings; days as `2026-05-04`. */
  readonly key: readonly string[]
  readonly totals: Totals
  /** How many sessions took part. */
  readonly sessions: number
  /** Present where a group is a session, or a part of one. */
  readonly session: SessionFacts | null
}

export interface SessionFacts {
  readonly source: string
  /** First and last response of the whole session, epoch milliseconds. */
  readonly first: number
  readonly last: number
  /** The agent and the project of most of its requests. */
  readonly agent: string
  readonly project: string
  /** The most expensive first. */
  readonly models: readonly string[]
}

export interface GroupQuery {
  readonly period: Period
  readonly timeZone: string
  readonly by: readonly Grouping[]
  readonly where: ReportFilters
  /** Whether sessions are to be counted, which takes a larger query. */
  readonly countSessions: boolean
}

/** Rows of a large ledger take long together, and an exporter has others to answer meanwhile. */
const ROWS_AT_A_TIME = 500

/** Usage within the period per combination, without combinations that come to nothing; in no particular order. */
export async function queryGroups(ledger: Ledger, query: GroupQuery): Promise<Group[]> {
  const { period, by, where, timeZone, countSessions } = query
  const isBySession = by.includes('session')
  const dimensions = new Set<Exclude<Dimension, 'day'>>(by.filter((grouping) => grouping !== 'day'))
  dimensions.add('billing')
  if (isBySession || countSessions) dimensions.add('source').add('session')
  if (isBySession) dimensions.add('model')
  const columns = [...dimensions]
  const days = by.includes('day') ? dayStarts(period.from, period.to, timeZone) : undefined
  const dates = days?.map((day) => isoDate(day, timeZone)) ?? []
  const rows = await ledger.usage({ ...period, by: columns, where, ...(days && { days }) })
  const facts = isBySession ? await sessionFacts(ledger, period) : new Map<string, SessionFacts>()

  const groups = new Map<string, Draft>()
  for (const [index, row] of rows.entries()) {
    if (index % ROWS_AT_A_TIME === ROWS_AT_A_TIME - 1) await giveWay()
    const valueFor = (name: Grouping) => (name === 'day' ? dates[row.day] : row.group[columns.indexOf(name)]) ?? ''
    const key = by.map(valueFor)
    const session = JSON.stringify([valueFor('source'), valueFor('session')])
    // Ids of sessions are unique within their source only.
    const id = JSON.stringify(isBySession ? [session, ...key] : key)
    const draft = groups.get(id) ?? { key, totals: emptyTotals(), sessions: new Set(), models: new Map(), session }
    groups.set(id, draft)
    addRow(draft, row, valueFor('billing') as Billing)
    draft.sessions.add(session)
    if (isBySession) {
      const costs = draft.models.get(valueFor('model')) ?? emptyTotals()
      addValues(costs, valueFor('billing') as Billing, row.values)
      draft.models.set(valueFor('model'), costs)
    }
  }
  return [...groups.values()].filter(({ totals }) => !isEmpty(totals)).map((draft) => toGroup(draft, facts))
}

/** Sorts in place; equals stand with the most expensive first, then by name. */
export function sortGroups(groups: Group[], sort: Sort): Group[] {
  const sign = sort.descending ? -1 : 1
  return groups.sort(
    (a, b) => sign * compareBy(sort.key, a, b) || -compareBy('cost', a, b) || compareKeys(a.key, b.key),
  )
}

/** What says how a response went, and not what it used: a request that failed comes to nothing. */
const REMARKS: ReadonlySet<Measure> = new Set(['unsplit', 'unfinal', 'no_usage', 'errors', 'unreconciled'])
const USE = MEASURES.filter((measure) => !REMARKS.has(measure)).map((measure) => MEASURE[measure])

/** Whether nothing was asked for and nothing used. */
export function isEmpty({ metered, plan }: Totals): boolean {
  return [metered, plan].every((values) => USE.every((index) => Number(values[index] ?? 0) === 0))
}

interface Draft {
  readonly key: readonly string[]
  readonly totals: Totals
  readonly sessions: Set<string>
  readonly models: Map<string, Totals>
  readonly session: string
}

function addRow(draft: Draft, { values }: UsageRow, billing: Billing): void {
  addValues(draft.totals, billing, values)
}

function toGroup({ key, totals, sessions, models, session }: Draft, facts: ReadonlyMap<string, SessionFacts>): Group {
  const known = facts.get(session)
  const byCost = [...models].filter(([, sums]) => !isEmpty(sums)).sort(([, a], [, b]) => -compareCost(a, b))
  return {
    key,
    totals,
    sessions: sessions.size,
    session: known === undefined ? null : { ...known, models: byCost.map(([model]) => model) },
  }
}

async function sessionFacts(ledger: Ledger, { from, to }: Period): Promise<Map<string, SessionFacts>> {
  const sessions = await ledger.sessions({ from, to })
  return new Map(
    sessions.map(({ source, session, first, last, agent, project }) => [
      JSON.stringify([source, session]),
      { source, first, last, agent, project, models: [] },
    ]),
  )
}

function compareBy(key: Sort['key'], a: Group, b: Group): number {
  switch (key) {
    case 'cost':
      return compareCost(a.totals, b.totals)
    case 'tokens':
      return compareInt(totalTokens(a.totals), totalTokens(b.totals))
    case 'name':
      return compareText(a.key[0] ?? '', b.key[0] ?? '')
    case 'start':
      return (a.session?.first ?? 0) - (b.session?.first ?? 0)
    case 'last':
      return (a.session?.last ?? 0) - (b.session?.last ?? 0)
    default: {
      const measure = key === 'cache-read' ? 'cache_read' : key
      return compareInt(count(a.totals, measure), count(b.totals, measure))
    }
  }
}

/** By what it costs; where that is equal by what a plan covers, then by tokens, which stand for unknown prices. */
function compareCost(a: Totals, b: Totals): number {
  return (
    compareInt(estimatedPico(a), estimatedPico(b)) ||
    compareInt(planPico(a), planPico(b)) ||
    compareInt(totalTokens(a), totalTokens(b))
  )
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const order = compareText(text, b[index] ?? '')
    if (order !== 0) return order
  }
  return 0
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
