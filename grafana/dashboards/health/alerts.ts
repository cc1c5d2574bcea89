import { runbookUrl } from '../../../src/alerts/runbook.ts'
import { placeholder } from '../../lib/datasource.ts'
import type { Select } from '../../lib/select.ts'
import { tablePanel } from '../../lib/tables.ts'
import { SEVERITIES } from '../../lib/thresholds.ts'

/** Labels that name what an alert is about. */
const ABOUT = ['budget', 'organization', 'source', 'agent', 'project', 'model'] as const

export function alerts(select: Select) {
  const firing = select('ALERTS', 'alertname=~"Claude.+", alertstate="firing"')
  const since = select('ALERTS_FOR_STATE', 'alertname=~"Claude.+"')
  return tablePanel({
    id: 7,
    title: 'Alerts firing now',
    description:
      'Alerts of the shipped rules, whatever is chosen above, and since when what they tell of has held. The name of an ' +
      'alert leads to what to do.',
    unit: 'count',
    width: 24,
    height: 7,
    noValue: 'No alert fires, or Prometheus has not loaded the rules.',
    sortBy: { title: 'Since', descending: true },
    columns: [
      {
        from: 'alertname',
        title: 'Alert',
        width: 280,
        link: { title: 'What to do', url: runbookUrl(placeholder('__value.text')) },
      },
      { from: 'severity', title: 'Severity', width: 100, mappings: [SEVERITIES] },
      { from: 'A', title: 'Since', unit: 'fromNow', width: 140 },
      ...ABOUT.map((from) => ({ from, title: `${from[0]?.toUpperCase()}${from.slice(1)}`.replace('iz', 'is') })),
    ],
    queries: [
      {
        refId: 'A',
        expr: `max by (alertname, severity, ${ABOUT.join(', ')}) (
  ${since} and ignoring (alertstate) ${firing}
) * 1000`,
      },
    ],
  })
}
