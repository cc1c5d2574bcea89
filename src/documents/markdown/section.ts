import { isoTime } from '../../core/period.ts'
import type { Overview } from '../../overview/overview.ts'
import { amountText, countText, percentText, plural, UNKNOWN, usdText } from '../figures.ts'
import { timeText } from '../times.ts'
import { stateText } from '../words.ts'
import { address } from './alerts.ts'
import { nameInCell, sentence } from './inline.ts'
import { left, right, table } from './table.ts'

const SHOWN = 5

/** The short form that stands within another file. `nextAt`: as of `markdownReport`. */
export function markdownSection(overview: Overview, nextAt: number | null): string {
  const { status, timeZone, version } = overview
  return [
    `<!-- written ${status.generatedAt} by claude-usage-exporter ${version}: changes between these marks are lost -->`,
    '## Claude usage',
    '',
    ...figures(overview),
    '',
    ...budgets(overview),
    ...alerts(overview),
    ...advice(overview),
    `Last update ${timeText(status.generatedAt)} (${timeZone})${nextAt === null ? '' : `; next update: ${timeText(isoTime(nextAt, timeZone))}`}. Estimated costs are at list prices.`,
    '',
  ].join('\n')
}

/** When a section was written, epoch milliseconds; null where it does not say. */
export function sectionWrittenAt(text: string): number | null {
  const time = /^<!-- written (\S+) by claude-usage-exporter /m.exec(text)?.[1]
  const instant = time === undefined ? Number.NaN : Date.parse(time)
  return Number.isFinite(instant) ? instant : null
}

function figures({ status: { today, last7Days, monthToDate } }: Overview): string[] {
  const windows = [today, last7Days, monthToDate]
  const row = (header: string, value: (window: NonNullable<typeof today>) => string) => [
    header,
    ...windows.map((window) => (window === null ? UNKNOWN : value(window))),
  ]
  const isPlanUsed = windows.some((window) => (window?.planValueUsd ?? 0) > 0)
  const isBilled = windows.some((window) => (window?.billedCostUsd ?? null) !== null)
  return table(
    [left('Figure'), right('Today'), right('Last 7 days'), right('This month')],
    [
      row('Estimated cost', ({ estimatedCostUsd }) => usdText(estimatedCostUsd)),
      ...(isPlanUsed ? [row('Plan value', ({ planValueUsd }) => usdText(planValueUsd))] : []),
      ...(isBilled ? [row('Billed', ({ billedCostUsd }) => usdText(billedCostUsd))] : []),
      row('Tokens', ({ tokens }) => countText(tokens.total)),
      row('Requests', ({ requests }) => countText(requests)),
    ],
  )
}

function budgets({ budgets: { budgets: all } }: Overview): string[] {
  if (all.length === 0) return []
  return [
    ...table(
      [left('Budget'), right('Used'), right('Limit'), right('%'), left('State')],
      all.map((budget) => [
        nameInCell(budget.name),
        amountText(budget.spent, budget.unit),
        amountText(budget.limit, budget.unit),
        percentText(budget.usedRatio),
        stateText(budget),
      ]),
    ),
    '',
  ]
}

function alerts({ alerts: { rows, complete } }: Overview): string[] {
  if (rows.length === 0) {
    return [complete ? 'No alert is active.' : 'Alerts are unknown while the history of the logs is read.', '']
  }
  const hidden = rows.length - SHOWN
  return [
    ...rows
      .slice(0, SHOWN)
      .map(
        ({ severity, description, runbook }) =>
          `- **${severity}**: ${sentence(description)} ([what to do](${address(runbook)}))`,
      ),
    ...(hidden > 0 ? [`- and ${plural(hidden, 'more alert')}`] : []),
    '',
  ]
}

function advice({ advice: { rows } }: Overview): string[] {
  const [best] = rows
  if (best === undefined) return []
  const saving = best.savingUsdPer30Days
  const worth = saving === null || saving <= 0 ? '' : ` (saves about ${usdText(saving)} in 30 days)`
  return [`Advice: ${sentence(best.title)}${worth}`, '']
}
