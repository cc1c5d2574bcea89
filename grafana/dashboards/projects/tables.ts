import { rowLinkTo, SESSION_FILTERS } from '../../lib/links.ts'
import { ratio, type Select } from '../../lib/select.ts'
import { type Column, tablePanel } from '../../lib/tables.ts'
import { steps } from '../../lib/thresholds.ts'

/** The multiple of the usual from which on something stands out. */
const OUTLIER = steps([2, 'yellow'], [5, 'red'])

export function projects(select: Select) {
  const link = rowLinkTo('projects', 'project', { title: 'Show only this project', keeps: SESSION_FILTERS })
  return ranking(select, {
    id: 1,
    title: 'Projects',
    by: ['project'],
    family: 'claude_project',
    names: [{ from: 'project', title: 'Project', link }],
  })
}

export function agents(select: Select) {
  const link = rowLinkTo('projects', 'agent', {
    title: 'Show only this agent',
    keeps: SESSION_FILTERS,
    also: { label: 'source', column: 'Source' },
  })
  return ranking(select, {
    id: 2,
    title: 'Agents',
    by: ['source', 'agent'],
    family: 'claude_agent',
    names: [
      { from: 'agent', title: 'Agent', link },
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
  const tokens = `${sum(`increase(${select('claude_tokens_total')}[$__range])`)} > 0`
  const sessions = sum(`increase(${select('claude_sessions_started_total')}[$__range])`)
  return tablePanel({
    id,
    title,
    description:
      'Over the time shown: estimated cost, tokens, sessions begun and the mean cost of one. "To usual" is the last hour ' +
      'as a multiple of what is usual for this hour of the week, whatever time is shown. Sessions and the usual are of ' +
      'all models; an agent "none" has no name in its logs.',
    unit: 'usd',
    width: 12,
    height: 9,
    noValue: 'No use in the time shown.',
    sortBy: { title: 'Cost', descending: true },
    columns: [
      ...names,
      { from: 'A', title: 'Cost', unit: 'usd', decimals: 2, width: 140, bar: true },
      { from: 'B', title: 'Tokens', unit: 'tokens', decimals: 1, width: 95 },
      { from: 'C', title: 'Sessions', unit: 'whole', decimals: 0, width: 80 },
      { from: 'D', title: 'A session', unit: 'usd', decimals: 2, width: 85 },
      { from: 'E', title: 'To usual', unit: 'multiple', decimals: 1, width: 80, thresholds: OUTLIER },
    ],
    queries: [
      { refId: 'A', expr: `${cost} and ${tokens}` },
      { refId: 'B', expr: tokens },
      { refId: 'C', expr: `${sessions} > 0` },
      { refId: 'D', expr: ratio(cost, sessions) },
      {
        refId: 'E',
        expr: ratio(sum(select(`${family}_cost_last_hour_usd`)), sum(select(`${family}_cost_usual_hour_usd`))),
      },
    ],
  })
}
