import { isEmpty, queryGroups, sortGroups } from './groups.ts'
import { allTime, choosePeriod, lastSevenDays, monthToDate, type Period, today } from './period.ts'
import type { ReportRequest } from './request.ts'
import { emptyTotals, sumOf, type Totals } from './totals.ts'

const DEFAULT_TOP = 10

export interface SummaryWindow {
  /** Key in JSON. */
  readonly name: 'today' | 'last7Days' | 'monthToDate' | 'allTime' | 'period'
  readonly title: string
  /** For narrow terminals. */
  readonly shortTitle: string
  readonly period: Period
  readonly totals: Totals
}

export interface SummaryGroup {
  readonly key: readonly string[]
  /** In the order of the windows. */
  readonly totals: readonly Totals[]
}

export interface Summary {
  readonly windows: readonly SummaryWindow[]
  /** Present with `--by`: what the windows consist of, the largest of the widest window first. */
  readonly groups: readonly SummaryGroup[]
  /** Groups beyond those asked for. */
  readonly moreGroups: number
  readonly unlogged: { readonly tokens: bigint; readonly costPico: bigint }
}

/** Usage in the four usual windows, or in the one asked for. */
export async function makeSummary(request: ReportRequest): Promise<Summary> {
  const { ledger, options, where, context } = request
  const by = options.by ?? []
  const { timeZone } = context
  const parts = []
  for (const window of windowsOf(request)) {
    const groups = await queryGroups(ledger, { period: window.period, timeZone, by, where, countSessions: false })
    parts.push({ ...window, groups, totals: sumOf(groups.map(({ totals }) => totals)) })
  }
  const { groups, more } =
    by.length === 0
      ? { groups: [], more: 0 }
      : joinGroups(
          parts.map((part) => part.groups),
          request,
        )
  return {
    windows: parts.map(({ groups: _, ...window }) => window),
    groups,
    moreGroups: more,
    unlogged: Object.keys(where).length === 0 ? await unloggedTotals(request) : { tokens: 0n, costPico: 0n },
  }
}

function windowsOf({ options, context }: ReportRequest): Omit<SummaryWindow, 'totals'>[] {
  if (options.days !== undefined || options.since !== undefined || options.until !== undefined) {
    const period = choosePeriod(options, 1, context)
    return [{ name: 'period', title: 'In this period', shortTitle: 'Period', period }]
  }
  return [
    { name: 'today', title: 'Today', shortTitle: 'Today', period: today(context) },
    { name: 'last7Days', title: 'Last 7 days', shortTitle: '7 days', period: lastSevenDays(context) },
    { name: 'monthToDate', title: 'Month to date', shortTitle: 'Month', period: monthToDate(context) },
    { name: 'allTime', title: 'All time', shortTitle: 'All', period: allTime(context) },
  ]
}

/** One row per key over all windows. The last window is the widest, so it has every key and decides the order. */
function joinGroups(
  windows: readonly Awaited<ReturnType<typeof queryGroups>>[],
  { options }: ReportRequest,
): { groups: SummaryGroup[]; more: number } {
  const byKey = windows.map((groups) => new Map(groups.map((group) => [JSON.stringify(group.key), group.totals])))
  const widest = [...(windows.at(-1) ?? [])].filter(({ totals }) => !isEmpty(totals))
  const sorted = sortGroups(widest, options.sort ?? { key: 'cost', descending: true })
  const top = options.top ?? DEFAULT_TOP
  const groups = sorted.slice(0, top).map(({ key }) => ({
    key,
    totals: byKey.map((totals) => totals.get(JSON.stringify(key)) ?? emptyTotals()),
  }))
  return { groups, more: sorted.length - groups.length }
}

/** What agents say they were billed for beyond what their logs show, since the ledger began. */
async function unloggedTotals({ ledger }: ReportRequest): Promise<Summary['unlogged']> {
  const rows = await ledger.unlogged()
  return {
    tokens: rows.reduce((sum, row) => sum + row.input + row.output + row.cacheRead + row.cacheWrite, 0n),
    costPico: rows.reduce((sum, row) => sum + row.costPico, 0n),
  }
}
