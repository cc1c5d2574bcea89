import { COLORS, MODEL_COLORS, TOKEN_COLORS } from '../../lib/colors.ts'
import { barsPanel, seriesPanel } from '../../lib/panels.ts'
import type { Select } from '../../lib/select.ts'
import { NO_ORGANIZATION } from './absence.ts'

const THIRD = { width: 8, height: 7 } as const

export function course(select: Select) {
  return seriesPanel({
    id: 20,
    title: 'Billed since the first of the month (UTC), by model',
    description: 'How the bill of each month grew. Days that the provider restates later change it afterwards.',
    unit: 'usd',
    decimals: 0,
    min: 0,
    width: 16,
    height: 8,
    stacking: 'sum',
    colors: MODEL_COLORS,
    noValue: NO_ORGANIZATION,
    queries: [
      {
        refId: 'A',
        expr: `sum by (model) (${select('claude_billed_cost_month_to_date_usd')})`,
        legend: '{{model}}',
      },
    ],
  })
}

export function tokensByTier(select: Select) {
  return barsPanel({
    ...THIRD,
    id: 30,
    title: 'Tokens by service tier, this month (UTC)',
    description: 'Tokens used over the API since the first of the month in UTC, whatever program sent them.',
    unit: 'tokens',
    min: 0,
    color: COLORS.tokens,
    noValue: NO_ORGANIZATION,
    queries: [{ refId: 'A', expr: tokens(select, 'service_tier'), legend: '{{service_tier}}' }],
  })
}

export function tokensByClass(select: Select) {
  return barsPanel({
    ...THIRD,
    id: 31,
    title: 'Tokens by class, this month (UTC)',
    description: 'Tokens used over the API since the first of the month in UTC, by class.',
    unit: 'tokens',
    min: 0,
    colors: TOKEN_COLORS,
    noValue: NO_ORGANIZATION,
    queries: [{ refId: 'A', expr: tokens(select, 'token_type'), legend: '{{token_type}}' }],
  })
}

export function tokensByContext(select: Select) {
  return barsPanel({
    ...THIRD,
    id: 32,
    title: 'Tokens by context window, this month (UTC)',
    description: 'Tokens used over the API since the first of the month in UTC; long contexts may cost more a token.',
    unit: 'tokens',
    min: 0,
    color: COLORS.tokens,
    noValue: NO_ORGANIZATION,
    queries: [{ refId: 'A', expr: tokens(select, 'context_window'), legend: '{{context_window}}' }],
  })
}

function tokens(select: Select, label: string): string {
  return `sort_desc(sum by (${label}) (${select('claude_api_tokens_month_to_date')}))`
}
