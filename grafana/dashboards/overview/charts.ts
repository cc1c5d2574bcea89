import { COLORS, MODEL_COLORS, TOKEN_COLORS } from '../../lib/colors.ts'
import { linkTo } from '../../lib/links.ts'
import { barsPanel, seriesPanel } from '../../lib/panels.ts'
import { perBar, type Select } from '../../lib/select.ts'
import { OF_LIMIT } from '../../lib/thresholds.ts'

const HEIGHT = 7

export function budgets(select: Select) {
  return barsPanel({
    id: 20,
    title: 'Budgets used',
    description:
      'Share of each limit that is used in the period that runs; 100 % is all of it. Budgets whose state is unknown are ' +
      'not here. The filters do not apply.',
    unit: 'ratio',
    decimals: 0,
    min: 0,
    max: 1,
    width: 6,
    height: HEIGHT,
    thresholds: OF_LIMIT,
    noValue: 'no budgets',
    link: linkTo('budgets', 'budget', 'Open this budget'),
    queries: [
      { refId: 'A', expr: `sort_desc(max by (budget) (${select('claude_budget_used_ratio')}))`, legend: '{{budget}}' },
    ],
  })
}

export function forecasts(select: Select) {
  return barsPanel({
    id: 21,
    title: 'Budgets, forecast for the end',
    description:
      'What each budget is expected to come to by the end of its period, as a share of its limit. Nothing early in a ' +
      'period, and never for rolling ones.',
    unit: 'ratio',
    decimals: 0,
    min: 0,
    max: 1,
    width: 6,
    height: HEIGHT,
    thresholds: OF_LIMIT,
    noValue: 'none yet',
    link: linkTo('budgets', 'budget', 'Open this budget'),
    queries: [
      {
        refId: 'A',
        expr: `sort_desc(max by (budget) (${select('claude_budget_forecast_ratio')}))`,
        legend: '{{budget}}',
      },
    ],
  })
}

export function costPerDay(select: Select) {
  return seriesPanel({
    id: 22,
    title: 'Estimated cost per day, by model',
    description: 'Estimated cost of metered use, a bar a day; the last one is today so far.',
    unit: 'usd',
    decimals: 2,
    width: 12,
    height: HEIGHT,
    interval: '1d',
    style: 'bars',
    stacking: 'sum',
    legend: 'right',
    colors: MODEL_COLORS,
    queries: [
      {
        refId: 'A',
        expr: `sum by (model) (${perBar(select('claude_estimated_cost_usd_total'))}) > 0`,
        legend: '{{model}}',
      },
    ],
  })
}

export function topAgents(select: Select) {
  return top(select, 'agent', 30, 'Top agents, last 7 days')
}

export function topProjects(select: Select) {
  return top(select, 'project', 31, 'Top projects, last 7 days')
}

export function topModels(select: Select) {
  return top(select, 'model', 32, 'Top models, last 7 days')
}

export function tokensPerDay(select: Select) {
  return seriesPanel({
    id: 33,
    title: 'Tokens per day, by class',
    description: 'Tokens of each class, a bar a day; the last one is today so far. The classes do not overlap.',
    unit: 'tokens',
    width: 6,
    height: HEIGHT,
    interval: '1d',
    style: 'bars',
    stacking: 'sum',
    colors: TOKEN_COLORS,
    queries: [
      {
        refId: 'A',
        expr: `sum by (token_type) (${perBar(select('claude_tokens_total'))})`,
        legend: '{{token_type}}',
      },
    ],
  })
}

function top(select: Select, label: 'agent' | 'project' | 'model', id: number, title: string) {
  return barsPanel({
    id,
    title,
    description: `The six ${label}s with the highest estimated cost in the last 7 days, a rolling window.`,
    unit: 'usd',
    decimals: 2,
    min: 0,
    width: 6,
    height: HEIGHT,
    ...(label === 'model' ? { colors: MODEL_COLORS } : { color: COLORS.money }),
    link: linkTo('projects', label, `Open this ${label}`),
    queries: [
      {
        refId: 'A',
        expr: `topk(6, sum by (${label}) (${select('claude_estimated_cost_7d_usd')}) > 0)`,
        legend: `{{${label}}}`,
      },
    ],
  })
}
