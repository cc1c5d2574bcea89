import { metric } from '../definition.ts'
import { amounts, budgetLabels, numbers, ZONE } from './budget-samples.ts'

const WITHHELD = 'Absent while too little of the period has passed, for rolling periods, and where nothing is known.'

/** What budgets are expected to come to, and how good that is. */
export const budgetForecastDefinitions = [
  ...amounts(
    'claude_budget_forecast',
    `expected at the end of the period that runs, ${ZONE}, from what is spent and the usual days and hours. ${WITHHELD}`,
    (row) => row.forecast?.expected ?? null,
  ),
  ...amounts(
    'claude_budget_forecast_low',
    `that the period is expected to end above: the lower end of a band that holds about 8 of 10 periods. ${WITHHELD}`,
    (row) => row.forecast?.low ?? null,
  ),
  ...amounts(
    'claude_budget_forecast_high',
    `that the period is expected to end below: the upper end of a band that holds about 8 of 10 periods. ${WITHHELD}`,
    (row) => row.forecast?.high ?? null,
  ),
  numbers(
    {
      name: 'claude_budget_forecast_ratio',
      help: `Forecast divided by limit, not clamped. ${WITHHELD}`,
      unit: 'ratio',
    },
    ({ forecast, budget }) => (forecast === null ? null : Number(forecast.expected) / Number(budget.limit)),
  ),
  metric({
    name: 'claude_budget_forecast_error_ratio',
    type: 'gauge',
    help:
      'How wrong the forecasts of the last complete period were: (forecast - actual) / actual, by the elapsed ratio at ' +
      'which they were made. 0.1 is 10 % too high. Absent where none was made or nothing was spent.',
    unit: 'ratio',
    labels: ['budget', 'elapsed'],
    collector: 'budgets',
    read: (snapshot) =>
      snapshot.budgets.flatMap((row) =>
        row.forecastErrors
          .filter(({ ratio }) => Number.isFinite(ratio))
          .map(({ step, ratio }) => [{ ...budgetLabels(row), elapsed: String(step) }, ratio] as const),
      ),
  }),
]
