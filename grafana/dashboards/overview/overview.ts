import type { DashboardSpec } from '../../lib/dashboard.ts'
import { budgets, costPerDay, forecasts, tokensPerDay, topAgents, topModels, topProjects } from './charts.ts'
import { billed, burn, exceeded, forecast, planValue, spent } from './money.ts'
import { activeSessions, billAge, dataAge, firing, hitRatio, savings, tokensToday, unpriced } from './signs.ts'

export const overview: DashboardSpec = {
  name: 'overview',
  title: 'Claude usage: overview',
  description:
    'What is spent, by whom, against which limits, and how fresh that is. Costs are estimates at list prices.',
  from: 'now-30d',
  refresh: '1m',
  filters: ['job', 'instance', 'organization', 'machine', 'source', 'agent', 'project', 'model'],
  marks: ['prices'],
  sections: (select) => [
    {
      panels: [
        spent(select, 1, 'Estimated today', 'today', 'the calendar day in the zone of the exporter'),
        spent(select, 2, 'Estimated, 7 days', '7d', 'a rolling window'),
        spent(select, 3, 'Estimated, month', 'month_to_date', 'the calendar month in the zone of the exporter, so far'),
        burn(select),
        billed(select),
        planValue(select),
        exceeded(select),
        forecast(select),
        tokensToday(select),
        hitRatio(select),
        savings(select),
        activeSessions(select),
        unpriced(select),
        firing(select),
        dataAge(select),
        billAge(select),
      ],
    },
    { panels: [budgets(select), forecasts(select), costPerDay(select)] },
    { panels: [topAgents(select), topProjects(select), topModels(select), tokensPerDay(select)] },
  ],
}
