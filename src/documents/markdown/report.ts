import type { Overview } from '../../overview/overview.ts'
import { dayOf, longDate, timeText } from '../times.ts'
import { aboutDataLines } from './about-data.ts'
import { adviceLines } from './advice.ts'
import { alertLines } from './alerts.ts'
import { budgetLines } from './budgets.ts'
import { causeLines } from './causes.ts'
import { checkListLines } from './check-list.ts'
import { executiveSummary } from './executive-summary.ts'
import { keyFigures } from './key-figures.ts'
import { planWindowLines } from './plan-windows.ts'
import { trendLines } from './trend.ts'

/** The report to read, as GitHub's Markdown. `nextAt`: when it is written again, epoch milliseconds; null: not known. */
export function markdownReport(overview: Overview, nextAt: number | null): string {
  const { status, summary, timeZone } = overview
  const end = dayOf(status.generatedAt)
  const parts: (readonly [title: string, lines: readonly string[]])[] = [
    ['Executive summary', [executiveSummary(overview)]],
    ['Key figures', keyFigures(overview)],
    ['Budgets', budgetLines(overview)],
    ['Trend', trendLines(overview)],
    ['Causes', causeLines(overview)],
    ['Alerts', alertLines(overview)],
    ['Advice', adviceLines(overview)],
    ['Check-list', checkListLines(overview)],
    ['Plan windows', planWindowLines(overview)],
    ['About these figures', aboutDataLines(overview, nextAt)],
  ]
  return [
    `# Claude usage report, ${longDate(end)}`,
    '',
    `Period: ${longDate(dayOf(summary.range.from))} to ${longDate(end)}, ${timeText(status.generatedAt).slice(11)} (${timeZone}).`,
    ...parts.flatMap(([title, lines]) => ['', `## ${title}`, '', ...lines]),
    '',
  ].join('\n')
}
