import { linkTo } from '../../lib/links.ts'
import { ratio, type Select } from '../../lib/select.ts'
import { type Column, tablePanel } from '../../lib/tables.ts'
import { steps } from '../../lib/thresholds.ts'

/** The multiple of the usual from which on something stands out. */
const OUTLIER = steps([2, 'yellow'], [5, 'red'])

export function projects(select: Select) {
  return ranking(select, {
    id: 1,
    title: 'Projects',
    by: ['project'],
    family: 'claude_project',
    names: [{ from: 'project', title: 'Project', link: linkTo('projects', 'project', 'Show only this project', true) }],
  })
}

export function agents(select: Select) {
  return ranking(select, {
    id: 2,
    title: 'Agents',
    by: ['source', 'agent'],
    family: 'claude_agent',
    names: [
      { from: 'agent', title: 'Agent', link: linkTo('projects', 'agent', 'Show only this agent', true) },
      { from: 'source', title: 'Source', width: 105 },
    ],
  })
}

interface Ranking {
  readonly id: number
  readonly title: string
  readonly by: readonly string[]
  /** Of the gauges about what is usual. */
  readonly family: string
  readonly names: readonly Column[]
}

function ranking(select: Select, { id, title, by, family, names }: Ranking) {
  const sum = (expr: string) => `sum by (${by.join(', ')}) (${expr})`
  const cost = sum(`increase(${select('claude_estimated_cost_usd_total')}[$__range])`)
  const sessions = sum(`increase(${select('claude_sessions_started_total')}[$__range])`)
  return tablePanel({
    id,
    title,
    description:
      'Estimated cost of the last 7 days; sessions begun and mean cost of a session over the time shown; and the last ' +
      'hour as a multiple of what is usual for this hour of the week. Sessions and the usual are of all models.',
    unit: 'usd',
    width: 12,
    height: 9,
    noValue: '',
    sortBy: { title: '7 days', descending: true },
    columns: [
      ...names,
      { from: 'A', title: '7 days', unit: 'usd', decimals: 2, width: 140, bar: true },
      { from: 'B', title: 'Tokens, 7 days', unit: 'tokens', decimals: 1, width: 115 },
      { from: 'C', title: 'Sessions', unit: 'count', decimals: 0, width: 80 },
      { from: 'D', title: 'A session', unit: 'usd', decimals: 2, width: 85 },
      { from: 'E', title: 'To usual', unit: 'multiple', decimals: 1, width: 80, thresholds: OUTLIER },
    ],
    queries: [
      { refId: 'A', expr: sum(select('claude_estimated_cost_7d_usd')) },
      { refId: 'B', expr: sum(select('claude_tokens_7d')) },
      { refId: 'C', expr: sessions },
      { refId: 'D', expr: ratio(cost, sessions) },
      {
        refId: 'E',
        expr: ratio(sum(select(`${family}_cost_last_hour_usd`)), sum(select(`${family}_cost_usual_hour_usd`))),
      },
    ],
  })
}
