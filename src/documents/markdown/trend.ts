import type { Overview } from '../../overview/overview.ts'
import { compactText, countText, percentText, usdText } from '../figures.ts'
import { dayOf, shortDate, weekday } from '../times.ts'
import { type Measure, mainMeasure, type Trend, trendOf } from '../trend.ts'
import { comparisonText, LOADING, measureName, measureText } from '../words.ts'
import { left, right, table } from './table.ts'

const TABLE_DAYS = 8

/** Where use is going, in words, and the last days as a table. */
export function trendLines(overview: Overview): string[] {
  if (!overview.summary.complete) return [LOADING]
  if (overview.days.length === 0) return [`The session logs hold nothing since ${dayOf(overview.summary.range.from)}.`]
  const measure = mainMeasure(overview)
  const trend = trendOf(overview, measure)
  const tokens = trendOf(overview, 'tokens')
  return [
    [
      `${capital(measureName(measure))} of the 7 days before today ${comparisonText(trend, measure)}.`,
      ...(measure === 'tokens' ? [] : [`Tokens ${comparisonText(tokens, 'tokens')}.`]),
      ...highestText(trend, measure),
      ...weekText(trend, measure),
    ].join(' '),
    '',
    ...dayTable(overview),
  ]
}

function highestText({ highest, sum }: Trend, measure: Measure): string[] {
  if (highest === null) return []
  const value = highest[measure]
  return [
    `The highest day was ${weekday(highest.day)} ${shortDate(highest.day)} with ${measureText(value, measure)}, ${percentText(value / sum)} of the 7 days.`,
  ]
}

function weekText({ weekdayMean, weekendMean }: Trend, measure: Measure): string[] {
  if (weekdayMean === null || weekendMean === null) return []
  const means = `${measureText(weekdayMean, measure)} on a day from Monday to Friday and ${measureText(weekendMean, measure)} on a day of the weekend`
  return [`In the last 4 weeks the mean was ${means}.`]
}

function dayTable({ days, status: { generatedAt } }: Overview): string[] {
  const today = generatedAt.slice(0, 10)
  return table(
    [left('Day'), right('Estimated cost'), right('Plan value'), right('Tokens'), right('Requests')],
    days
      .slice(-TABLE_DAYS)
      .reverse()
      .map((day) => [
        `${day.day} ${weekday(day.day).slice(0, 3)}${day.day === today ? ' (so far)' : ''}`,
        usdText(day.estimatedCostUsd),
        usdText(day.planValueUsd),
        compactText(day.tokens),
        countText(day.requests),
      ]),
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
