import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import { MODEL_COLORS } from '../../lib/colors.ts'
import { seriesPanel } from '../../lib/panels.ts'
import type { Select } from '../../lib/select.ts'
import { tablePanel } from '../../lib/tables.ts'
import { named } from './names.ts'

const EVERYWHERE: ValueMapping = {
  type: MappingType.ValueToText,
  options: { none: { text: 'whole organisation', index: 0 } },
}

export function rateLimits(select: Select) {
  const values = named(
    select('claude_rate_limit'),
    { info: select('claude_workspace_info'), id: 'workspace_id', name: 'workspace_name' },
    ['group', 'limiter'],
  )
  return tablePanel({
    id: 50,
    title: 'Which rate limits apply',
    description:
      'Limits of each group of models, in the unit that the limiter names, as of the last reading of the directory. How ' +
      'much of them is used, the API does not tell.',
    unit: 'count',
    width: 12,
    height: 8,
    noValue: 'The API tells no rate limits, or no organisation is configured.',
    sortBy: { title: 'Models', descending: false },
    columns: [
      { from: 'group', title: 'Models' },
      { from: 'limiter', title: 'Limiter', width: 310 },
      { from: 'A', title: 'Limit', unit: 'count', width: 90 },
      { from: 'workspace_name', title: 'Workspace', width: 150, mappings: [EVERYWHERE] },
    ],
    queries: [{ refId: 'A', expr: values }],
  })
}

export function requests(select: Select) {
  return seriesPanel({
    id: 51,
    title: 'Requests since the first of the month (UTC), by model',
    description:
      'How many requests the organisation sent over the API, whatever program sent them. Nothing where the API has no ' +
      'count of requests.',
    unit: 'count',
    min: 0,
    width: 12,
    height: 8,
    stacking: 'sum',
    colors: MODEL_COLORS,
    noValue: 'The API does not count requests.',
    queries: [
      {
        refId: 'A',
        expr: `sum by (model) (${select('claude_api_requests_month_to_date')})`,
        legend: '{{model}}',
      },
    ],
  })
}
