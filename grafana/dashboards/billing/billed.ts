import { COLORS, MODEL_COLORS } from '../../lib/colors.ts'
import { barsPanel } from '../../lib/panels.ts'
import type { Select } from '../../lib/select.ts'
import { NO_ORGANIZATION } from './absence.ts'
import { named } from './names.ts'

const FAMILY = 'claude_billed_cost_month_to_date_usd'
const SHOWN = 6

export function byWorkspace(select: Select) {
  const expr = named(select(FAMILY), {
    info: select('claude_workspace_info'),
    id: 'workspace_id',
    name: 'workspace_name',
  })
  return bars(10, 'By workspace, this month (UTC)', 'workspace', expr, '{{workspace_name}}')
}

export function byKey(select: Select) {
  const expr = named(select(FAMILY), { info: select('claude_api_key_info'), id: 'api_key_id', name: 'api_key_name' })
  return bars(
    11,
    'By key, this month (UTC)',
    'API key; "none" is use without one, as in the Console',
    expr,
    '{{api_key_name}}',
  )
}

export function byModel(select: Select) {
  return bars(
    12,
    'By model, this month (UTC)',
    'model',
    `sum by (model) (${select(FAMILY)})`,
    '{{model}}',
    MODEL_COLORS,
  )
}

export function byCostType(select: Select) {
  // Searches and the like have no class of tokens.
  const expr = `label_replace(
  label_join(sum by (cost_type, token_type) (${select(FAMILY)}), "kind", " ", "cost_type", "token_type"),
  "kind", "$1", "kind", "(.+) none"
)`
  return bars(13, 'By kind of cost, this month (UTC)', 'kind of cost and class of tokens', expr, '{{kind}}')
}

function bars(id: number, title: string, by: string, expr: string, legend: string, colors?: typeof MODEL_COLORS) {
  return barsPanel({
    id,
    title,
    description: `Billed cost since the first of the month in UTC, by ${by}; the largest ${SHOWN}.`,
    unit: 'usd',
    decimals: 2,
    min: 0,
    width: 6,
    height: 8,
    noValue: NO_ORGANIZATION,
    names: 'above',
    ...(colors === undefined ? { color: COLORS.money } : { colors }),
    queries: [{ refId: 'A', expr: `topk(${SHOWN}, ${expr})`, legend }],
  })
}
