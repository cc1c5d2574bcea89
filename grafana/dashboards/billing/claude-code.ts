import { MODEL_COLORS } from '../../lib/colors.ts'
import { barsPanel } from '../../lib/panels.ts'
import { ratio, type Select } from '../../lib/select.ts'
import { tablePanel } from '../../lib/tables.ts'

const NOT_READ = 'Not read: it names people, so it needs admin_api.claude_code.enabled.'

export function people(select: Select) {
  const sum = (what: string, matcher = '') => `sum by (actor) (${select(`claude_user_${what}_month_to_date`, matcher)})`
  return tablePanel({
    id: 60,
    title: 'Who uses Claude Code, this month (UTC)',
    description:
      "The provider's own count per person or key since the first of the month in UTC. Its cost is an estimate of the " +
      'provider, and part of no other figure. Read only with the setting admin_api.claude_code.enabled.',
    unit: 'count',
    width: 16,
    height: 8,
    noValue: NOT_READ,
    sortBy: { title: 'Estimated', descending: true },
    columns: [
      { from: 'actor', title: 'Person or key' },
      { from: 'A', title: 'Estimated', unit: 'usd', decimals: 2, width: 150, bar: true },
      { from: 'B', title: 'Sessions', unit: 'whole', decimals: 0, width: 90 },
      { from: 'C', title: 'Lines added', unit: 'count', width: 100 },
      { from: 'D', title: 'Removed', unit: 'count', width: 90 },
      { from: 'E', title: 'Commits', unit: 'whole', decimals: 0, width: 90 },
      { from: 'F', title: 'Pull requests', unit: 'whole', decimals: 0, width: 110 },
      { from: 'G', title: 'Edits taken', unit: 'ratio', decimals: 0, width: 100 },
    ],
    queries: [
      { refId: 'A', expr: `sum by (actor) (${select('claude_user_estimated_cost_month_to_date_usd')})` },
      { refId: 'B', expr: sum('sessions') },
      { refId: 'C', expr: sum('lines', 'change="added"') },
      { refId: 'D', expr: sum('lines', 'change="removed"') },
      { refId: 'E', expr: sum('commits') },
      { refId: 'F', expr: sum('pull_requests') },
      { refId: 'G', expr: ratio(sum('edits', 'decision="accepted"'), sum('edits')) },
    ],
  })
}

export function modelsOfPeople(select: Select) {
  return barsPanel({
    id: 61,
    title: 'With which models, this month (UTC)',
    description:
      "Cost of Claude Code by model, by the provider's estimate, since the first of the month in UTC. Read only with the " +
      'setting admin_api.claude_code.enabled.',
    unit: 'usd',
    decimals: 2,
    min: 0,
    width: 8,
    height: 8,
    names: 'above',
    noValue: 'not read',
    colors: MODEL_COLORS,
    queries: [
      {
        refId: 'A',
        expr: `topk(6, sum by (model) (${select('claude_user_estimated_cost_month_to_date_usd')}))`,
        legend: '{{model}}',
      },
    ],
  })
}
