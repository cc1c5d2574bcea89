import { usdFromPico } from '../core/money.ts'
import { jsonHead, periodJson, usageJson } from './json.ts'
import type { ReportRequest } from './request.ts'
import type { Summary } from './summary.ts'

/**
 * Document of the summary: usage per window under `windows`, each with its bounds; with `--by` also under `rows`, where
 * each has the values of `by` under `group` and its usage per window. `unlogged` is what agents were billed for beyond
 * their logs, and in none of the other figures.
 */
export function summaryJson(summary: Summary, { where, options, context, freshness }: ReportRequest) {
  const { windows, groups, moreGroups, unlogged } = summary
  const by = options.by ?? []
  return {
    ...jsonHead('summary', context, freshness),
    filters: where,
    windows: Object.fromEntries(
      windows.map(({ name, period, totals }) => [
        name,
        {
          ...periodJson(period, context.timeZone),
          ...usageJson(totals),
        },
      ]),
    ),
    ...(by.length > 0 && {
      by,
      rows: groups.map(({ key, totals }) => ({
        group: Object.fromEntries(by.map((name, index) => [name, key[index]])),
        windows: Object.fromEntries(totals.map((use, index) => [windows[index]?.name, usageJson(use)])),
      })),
      moreRows: moreGroups,
    }),
    unlogged: { tokens: Number(unlogged.tokens), costUsd: usdFromPico(unlogged.costPico) },
  }
}
