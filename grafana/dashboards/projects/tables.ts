import type { Query } from '../../lib/basics.ts'
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

/** Of one machine alone the label is not there, and so nothing is. */
export function machines(select: Select) {
  const link = rowLinkTo('projects', 'machine', { title: 'Show only this machine', keeps: SESSION_FILTERS })
  return ranking(select, {
    id: 30,
    title: 'Machines',
    by: ['machine'],
    family: null,
    names: [{ from: 'machine', title: 'Machine', link }],
  })
}

interface Ranking {
  readonly id: number
  readonly title: string
  readonly by: readonly string[]
  /** Of the gauges about what is usual; null where there are none. */
  readonly family: string | null
  readonly names: readonly Column[]
}

function ranking(select: Select, { id, title, by, family, names }: Ranking) {
  const sum = (expr: string) => `sum by (${by.join(', ')}) (${expr})`
  // Without the label there is nothing to tell apart.
  const named = (what: string) => select(what, family === null ? 'machine!=""' : '')
  const cost = sum(`increase(${named('claude_estimated_cost_usd_total')}[$__range])`)
  const tokens = `${sum(`increase(${named('claude_tokens_total')}[$__range])`)} > 0`
  const sessions = sum(`increase(${named('claude_sessions_started_total')}[$__range])`)
  const usual: readonly Query[] =
    family === null
      ? []
      : [
          {
            refId: 'E',
            expr: ratio(sum(select(`${family}_cost_last_hour_usd`)), sum(select(`${family}_cost_usual_hour_usd`))),
          },
        ]
  const toUsual: Column = {
    from: 'E',
    title: 'To usual',
    unit: 'multiple',
    decimals: 1,
    width: 80,
    thresholds: OUTLIER,
  }
  return tablePanel({
    id,
    title,
    description: family === null ? OF_MACHINES : `${OF_ALL} ${WITH_USUAL}`,
    unit: 'usd',
    width: 12,
    height: 9,
    noValue: family === null ? 'One machine, or none told apart.' : 'No use in the time shown.',
    sortBy: { title: 'Cost', descending: true },
    columns: [
      ...names,
      { from: 'A', title: 'Cost', unit: 'usd', decimals: 2, width: 140, bar: true },
      { from: 'B', title: 'Tokens', unit: 'tokens', decimals: 1, width: 95 },
      { from: 'C', title: 'Sessions', unit: 'whole', decimals: 0, width: 80 },
      { from: 'D', title: 'A session', unit: 'usd', decimals: 2, width: 85 },
      ...(family === null ? [] : [toUsual]),
    ],
    queries: [
      { refId: 'A', expr: `${cost} and ${tokens}` },
      { refId: 'B', expr: tokens },
      { refId: 'C', expr: `${sessions} > 0` },
      { refId: 'D', expr: ratio(cost, sessions) },
      ...usual,
    ],
  })
}

const OF_ALL = 'Over the time shown: estimated cost, tokens, sessions begun and the mean cost of one.'
const WITH_USUAL =
  '"To usual" is the last hour as a multiple of what is usual for this hour of the week, whatever time is shown. ' +
  'Sessions and the usual are of all models; an agent "none" has no name in its logs.'
const OF_MACHINES =
  `${OF_ALL} A response counts for the machine whose logs told of it first; only where machines are told apart ` +
  '(metrics.machine_label).'
