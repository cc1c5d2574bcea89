import type { DashboardSpec } from '../../lib/dashboard.ts'
import { burnRates, course, forecastErrors, periods } from './course.ts'
import { advice, exhaustion, forecastRatio, remaining, resets, unpriced, used } from './figures.ts'
import { states, table } from './summary.ts'

export const budgets: DashboardSpec = {
  name: 'budgets',
  title: 'Claude usage: budgets',
  description: 'Each budget over its period: what is used, what is expected, and how long it lasts.',
  from: 'now-30d',
  refresh: '1m',
  filters: ['job', 'instance', 'budget'],
  marks: ['periods', 'prices', 'reloads'],
  sections: (select) => [
    { panels: [table(select), states(select)] },
    {
      title: 'Budget: $budget',
      repeat: 'budget',
      panels: [
        used(select),
        forecastRatio(select),
        remaining(select),
        advice(select),
        exhaustion(select),
        resets(select),
        unpriced(select),
        course(select),
        burnRates(select),
        periods(select),
        forecastErrors(select),
      ],
    },
  ],
}
