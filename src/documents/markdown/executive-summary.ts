import type { Overview } from '../../overview/overview.ts'
import { checkList } from '../check-list.ts'
import { amountText, percentText, plural, sumUsd, usdText } from '../figures.ts'
import { type Budget, mainBudget } from '../main-budget.ts'
import { dayOf, longDate, monthText, shortDate } from '../times.ts'
import { type Measure, mainMeasure, trendOf } from '../trend.ts'
import { comparisonText, isOverrunExpected, isRolling, measureName, measureText, stateText } from '../words.ts'
import { name, sentence } from './inline.ts'

/** What somebody needs to know who reads no further: three to five sentences. */
export function executiveSummary(overview: Overview): string {
  if (!overview.status.complete) {
    return 'The history of the logs is still being read for the first time: what follows from it is unknown until that is done.'
  }
  return [
    spendSentence(overview),
    budgetSentence(overview),
    trendSentence(overview),
    driverSentence(overview),
    actionSentence(overview),
  ]
    .filter((text) => text !== null)
    .join(' ')
}

function spendSentence({ status: { monthToDate, generatedAt } }: Overview): string | null {
  if (monthToDate === null) return null
  const { estimatedCostUsd, planValueUsd, billedCostUsd, requests } = monthToDate
  const parts = [
    ...(requests === 0 ? ['the session logs hold no use'] : []),
    ...(estimatedCostUsd > 0 || (planValueUsd === 0 && requests > 0)
      ? [`use that is paid per token comes to an estimated **${usdText(estimatedCostUsd)}**`]
      : []),
    ...(planValueUsd > 0 ? [`a flat-rate plan covered use worth ${usdText(planValueUsd)} at list prices`] : []),
    ...(billedCostUsd === null ? [] : [`the provider has billed **${usdText(billedCostUsd)}** for whatever machine`]),
  ]
  return `In ${monthText(dayOf(generatedAt))} so far, ${listText(parts)}.`
}

function budgetSentence(overview: Overview): string {
  const budget = mainBudget(overview)
  if (budget === null) return 'No budget is configured that would say whether this is too much.'
  const others = overview.budgets.budgets.filter((other) => other !== budget && other.state === 'exceeded')
  const also =
    others.length === 0
      ? ''
      : `; ${others.length === 1 ? 'another budget is' : `${others.length} other budgets are`} exceeded (${namesText(others)})`
  return `${standingText(budget)}${forecastText(budget)}${also}.`
}

function standingText(budget: Budget): string {
  const { unit, spent, limit, usedRatio } = budget
  if (spent === null || usedRatio === null) return `How budget ${name(budget.name)} stands is ${stateText(budget)}`
  const amounts = `${amountText(spent, unit)} of ${amountText(limit, unit)}`
  const certainty = budget.state === 'unknown' ? `, as far as known (${stateText(budget)})` : ''
  return `Of budget ${name(budget.name)} **${percentText(usedRatio)}** is used (${amounts})${certainty}`
}

function forecastText(budget: Budget): string {
  const { forecast, limit, unit, period, exhaustsAt, state } = budget
  const expected = forecast?.expected ?? null
  if (isRolling(budget) || (expected === null && state === 'unknown')) return ''
  if (expected === null || limit === null) return ', and it is too early for a forecast'
  const when = period.end === null ? 'at its end' : `when it is renewed on ${shortDate(dayOf(period.end))}`
  const end = `it is expected to stand at about ${amountText(expected, unit)} ${when}`
  if (!isOverrunExpected(budget)) return `, and ${end}: ${percentText(expected / limit)} of the limit`
  const reached =
    exhaustsAt === null || state === 'exceeded' ? '' : `, which it reaches on ${shortDate(dayOf(exhaustsAt))}`
  return `, and ${end}: ${amountText(expected - limit, unit)} above the limit${reached}`
}

function trendSentence(overview: Overview): string | null {
  const measure = mainMeasure(overview)
  const trend = trendOf(overview, measure)
  const last = trend.days.at(-1)
  if (last === undefined || (trend.sum === 0 && trend.sumBefore === 0)) return null
  return `In the 7 days to ${longDate(last.day)}, ${measureName(measure)} ${comparisonText(trend, measure)}.`
}

/** Who or what accounts for most of the last days. */
function driverSentence({ projects, agents, models }: Overview): string | null {
  const measure = measureOf(projects.totals)
  const total = projects.totals === null ? 0 : amountOf(projects.totals, measure)
  const [project] = projects.rows
  const [model] = models.rows
  const [agent] = agents.rows
  if (project === undefined || total <= 0) return null
  const amount = amountOf(project, measure)
  const share = amount / total
  const parts = [
    `project ${name(project.project)} (${measureText(amount, measure)}, ${percentText(share)})`,
    ...(model === undefined ? [] : [`model ${name(model.model)} (${percentText(amountOf(model, measure) / total)})`]),
    ...(agent === undefined || agent.agent === 'none'
      ? []
      : [`agent ${name(agent.agent)} (${percentText(amountOf(agent, measure) / total)})`]),
  ]
  return `The largest shares of the ${measureName(measure)} of the last 7 days with today are those of ${listText(parts)}.`
}

function actionSentence(overview: Overview): string {
  const { alerts, advice } = overview
  const critical = alerts.rows.filter(({ severity }) => severity === 'critical').length
  const count = alerts.rows.length
  const ofThem = critical === 0 ? '' : ` (${critical} critical)`
  const told =
    count === 0 ? 'No alert is active' : `${plural(count, 'alert')} ${count === 1 ? 'is' : 'are'} active${ofThem}`
  const [task] = checkList(overview)
  if (task === undefined) return `${told}, and nothing calls for a change.`
  const saving = advice.rows.find(({ title }) => title === task.text)?.savingUsdPer30Days ?? null
  const title = sentence(task.text.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()).replace(/\.$/, ''))
  const worth = saving === null || saving <= 0 ? '' : ` (about ${usdText(saving)} less in 30 days)`
  return `${told}; the next step is to ${title}${worth}.`
}

type Amounts = Pick<NonNullable<Overview['projects']['totals']>, 'estimatedCostUsd' | 'planValueUsd' | 'tokens'>

function measureOf(totals: Amounts | null): Measure {
  if (totals === null || totals.estimatedCostUsd > 0) return 'estimatedCostUsd'
  return totals.planValueUsd > 0 ? 'planValueUsd' : 'tokens'
}

function amountOf(row: Amounts, measure: Measure): number {
  return measure === 'tokens' ? row.tokens.total : sumUsd([row[measure]])
}

function namesText(budgets: readonly Budget[]): string {
  const shown = budgets.slice(0, 3).map((budget) => name(budget.name))
  return [...shown, ...(budgets.length > 3 ? [`${budgets.length - 3} more`] : [])].join(', ')
}

function listText(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
