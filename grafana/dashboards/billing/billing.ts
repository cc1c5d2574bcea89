import type { DashboardSpec } from '../../lib/dashboard.ts'
import { byCostType, byKey, byModel, byWorkspace } from './billed.ts'
import { billedByOwner, estimatedByOwner, ownerTable } from './chargeback.ts'
import { modelsOfPeople, people } from './claude-code.ts'
import { balance, billedMonth, billedToday, complete, previousMonth, runway, settled } from './figures.ts'
import { rateLimits, requests } from './limits.ts'
import { billed, difference, estimated, spendLimits } from './reconciliation.ts'
import { course, tokensByClass, tokensByContext, tokensByTier } from './usage.ts'

export const billing: DashboardSpec = {
  name: 'billing',
  title: 'Claude usage: organisation billing',
  description:
    "What the provider bills, by the organisation's API and the UTC calendar, and how it compares with the session logs.",
  from: 'now-30d',
  refresh: '5m',
  filters: ['job', 'instance', 'organization'],
  marks: ['prices'],
  sections: (select) => [
    {
      panels: [
        billedToday(select),
        billedMonth(select),
        previousMonth(select),
        balance(select),
        runway(select),
        complete(select),
        settled(select),
      ],
    },
    { panels: [byWorkspace(select), byKey(select), byModel(select), byCostType(select)] },
    { panels: [course(select), spendLimits(select)] },
    { title: 'Chargeback', panels: [estimatedByOwner(select), billedByOwner(select), ownerTable(select)] },
    { title: 'Use', panels: [tokensByTier(select), tokensByClass(select), tokensByContext(select)] },
    { title: 'Estimate against bill', panels: [estimated(select), billed(select), difference(select)] },
    { title: 'Limits and requests', panels: [rateLimits(select), requests(select)] },
    {
      title: 'Claude Code, as the provider counts it (needs admin_api.claude_code.enabled)',
      panels: [people(select), modelsOfPeople(select)],
    },
  ],
}
