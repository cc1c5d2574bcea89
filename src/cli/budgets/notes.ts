import type { BudgetFigures } from '../../budgets/figures.ts'
import { scopeText } from '../../budgets/scope.ts'
import { type Period, type UnknownReason, unitOf } from '../../core/budget.ts'
import { isoDate, startOfDay } from '../../core/period.ts'
import { escapeControls } from '../../lib/escape.ts'
import { localTime } from '../../report/period.ts'
import type { Output } from '../io.ts'
import { formatCount, formatRatio, formatUsd } from '../terminal/figures.ts'
import { wrap } from '../terminal/wrap.ts'
import type { BudgetReport } from './report.ts'

/** What the table has no room for: one line per budget, and what is missing. */
export function budgetNotes(report: BudgetReport, out: Output): string[] {
  const yellow = (text: string) => wrap(text, out.width, 2).map(out.style.yellow)
  return [
    ...report.budgets.flatMap((figures) => wrap(sentenceOf(figures, report), out.width, 2).map(out.style.dim)),
    ...report.budgets.flatMap((figures) => warningsOf(figures).flatMap(yellow)),
    ...(report.freshness.isComplete
      ? []
      : [...yellow('Older logs are still being loaded: figures from logs are not complete yet.')]),
  ]
}

function sentenceOf({ budget, period, forecast, suggestedPerDay }: BudgetFigures, { timeZone }: BudgetReport): string {
  const amount = (value: bigint) => (unitOf(budget.basis) === 'usd' ? formatUsd(value) : `${formatCount(value)} tokens`)
  const parts = [`${budget.name}: ${budget.basis.replaceAll('_', ' ')} of ${scopeText(budget.scope)}`]
  const zone = budget.period.timeZone
  parts.push(`${spanText(period, zone)}${zone === timeZone ? '' : ` (${zone})`}`)
  if (forecast !== null) parts.push(`forecast between ${amount(forecast.low)} and ${amount(forecast.high)}`)
  if (suggestedPerDay !== null && suggestedPerDay > 0n) parts.push(`${amount(suggestedPerDay)} a day are left`)
  return `${escapeControls(parts.join('; '))}.`
}

/** Whole days by their dates, the last one included. */
function spanText({ start, end }: Period, timeZone: string): string {
  const isWhole = start === startOfDay(start, timeZone) && end === startOfDay(end, timeZone)
  const [from, to] = isWhole
    ? [isoDate(start, timeZone), isoDate(end - 1, timeZone)]
    : [localTime(start, timeZone), localTime(end, timeZone)]
  return from === to ? from : `${from} to ${to}`
}

function warningsOf({ budget, unknownReason, unpricedTokens, usedRatio }: BudgetFigures): string[] {
  const name = escapeControls(budget.name)
  const warnings: string[] = []
  if (unknownReason !== null) {
    const atLeast = usedRatio === null ? '' : ` At least ${formatRatio(usedRatio)} are used.`
    warnings.push(`${name}: unknown, because ${REASONS[unknownReason]}.${atLeast}`)
  }
  if (unpricedTokens > 0n && unitOf(budget.basis) === 'usd') {
    warnings.push(
      `${name}: ${formatCount(unpricedTokens)} tokens of models without a known price are missing; set pricing.overrides.`,
    )
  }
  return warnings
}

const REASONS: Readonly<Record<UnknownReason, string>> = {
  loading: 'the history of the logs is still being read',
  ledger_failing: 'the ledger cannot be written; see the log of the exporter',
  source_unreadable: 'none of its logs can be read, or one of them cannot',
  stale: 'its data are too old; see `claude-usage-exporter runs`',
  not_covered:
    "the provider's data do not cover the whole period, or know no workspace or key by a name in its scope; they need an admin key, and `claude-usage-exporter sync --days 40` reads more of them",
  misaligned:
    "the provider's buckets lie across the ends of its period; set time_zone: UTC for it, or admin_api.cost.bucket_width: 1h",
}
