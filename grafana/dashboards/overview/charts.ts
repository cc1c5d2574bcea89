import type { BudgetState } from '../../../src/core/budget.ts'
import type { PanelBasics } from '../../lib/basics.ts'
import { COLORS, MODEL_COLORS, TOKEN_COLORS } from '../../lib/colors.ts'
import { linkTo, SESSION_FILTERS } from '../../lib/links.ts'
import { barsPanel, overBars, seriesPanel } from '../../lib/panels.ts'
import { perBar, type Select, withAgentName } from '../../lib/select.ts'
import { OF_LIMIT, STATE_COLORS, UNKNOWN, UNKNOWN_RATIO } from '../../lib/thresholds.ts'

const HEIGHT = 7

/** States of budgets, in the order in which one wants to see them, as far as there is room. */
const STATES = ['exceeded', 'critical', 'warning', 'unknown', 'ok'] as const satisfies readonly BudgetState[]

export function budgets(select: Select) {
  const inState = (state: BudgetState) => `${select('claude_budget_state', `state="${state}"`)} == 1`
  const used = select('claude_budget_used_ratio')
  const share = (state: BudgetState) =>
    state === 'unknown'
      ? `max by (budget) (${inState(state)}) * ${UNKNOWN_RATIO}`
      : `sort_desc(max by (budget) (${used} and on (job, instance, budget) (${inState(state)})))`
  const queries = STATES.map((state, index) => ({
    refId: String.fromCharCode(65 + index),
    expr: share(state),
    legend: '{{budget}}',
    color: STATE_COLORS[state],
  }))
  return barsPanel({
    id: 20,
    title: 'Budgets, used now',
    description:
      'Share of each limit that is used in the period that runs, in the colour of the state of the budget; 100 % is all of ' +
      'it. "unknown": the data behind it are missing or too old. The filters of sessions do not apply.',
    unit: 'ratio',
    decimals: 0,
    min: 0,
    max: 1,
    width: 6,
    height: HEIGHT,
    mappings: [UNKNOWN],
    noValue: 'no budgets configured',
    link: linkTo('budgets', 'budget', { title: 'Open this budget' }),
    queries,
  })
}

export function forecasts(select: Select) {
  return barsPanel({
    id: 21,
    title: 'Budgets, forecast for their end',
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
    noValue: 'no forecast yet',
    link: linkTo('budgets', 'budget', { title: 'Open this budget' }),
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
  const counter = select('claude_estimated_cost_usd_total')
  // Of less than 7 days there is no mean of 7.
  const week = `sum(increase(${counter}[7d])) / 7\nand on () sum(increase(${counter}[1d] offset 6d))`
  const ofDays = select('claude_budget_info', 'period="day", scope="everything"')
  return seriesPanel({
    id: 22,
    title: 'Estimated cost per day, by model',
    description:
      'Estimated cost of metered use, a bar a day in the time zone of the dashboard; the last one is today so far. Beside ' +
      'it the mean of the 7 days before each, and the limit of the budget of a day for everything, if there is one.',
    unit: 'usd',
    decimals: 2,
    width: 12,
    height: HEIGHT,
    interval: '1d',
    style: 'bars',
    stacking: 'sum',
    legend: 'right',
    colors: MODEL_COLORS,
    overrides: [overBars('/^mean/', COLORS.even), overBars('/^budget/', COLORS.limit)],
    queries: [
      { refId: 'A', expr: `sum by (model) (${perBar(counter)}) > 0`, legend: '{{model}}' },
      { refId: 'B', expr: week, legend: 'mean of 7 days' },
      {
        refId: 'C',
        expr: `max by (budget) (${select('claude_budget_limit_usd')} and on (job, instance, budget) ${ofDays})`,
        legend: 'budget {{budget}}',
      },
    ],
  })
}

export function topAgents(select: Select) {
  const link = linkTo('projects', 'agent', {
    title: 'Open this agent',
    keeps: SESSION_FILTERS,
    also: { label: 'source' },
  })
  const largest = withAgentName(top(select, 'source, agent'))
  return leaders({ id: 30, title: 'Top agents, last 7 days', of: 'agents', color: COLORS.money, link }, largest, 'name')
}

export function topProjects(select: Select) {
  const link = linkTo('projects', 'project', { title: 'Open this project', keeps: SESSION_FILTERS })
  const panel = { id: 31, title: 'Top projects, last 7 days', of: 'projects', color: COLORS.money, link }
  return leaders(panel, top(select, 'project'), 'project')
}

export function topModels(select: Select) {
  const link = linkTo('projects', 'model', { title: 'Open this model', keeps: SESSION_FILTERS })
  const panel = { id: 32, title: 'Top models, last 7 days', of: 'models', colors: MODEL_COLORS, link }
  return leaders(panel, top(select, 'model'), 'model')
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

interface Leaders extends Pick<PanelBasics, 'id' | 'title' | 'color' | 'colors' | 'link'> {
  readonly of: string
}

function leaders({ of, ...panel }: Leaders, expr: string, label: string) {
  return barsPanel({
    ...panel,
    description: `The five ${of} with the highest estimated cost in the last 7 days, a rolling window.`,
    unit: 'usd',
    decimals: 2,
    min: 0,
    width: 6,
    height: HEIGHT,
    names: 'above',
    noValue: 'no cost in 7 days',
    queries: [{ refId: 'A', expr, legend: `{{${label}}}` }],
  })
}

function top(select: Select, by: string): string {
  return `topk(5, sum by (${by}) (${select('claude_estimated_cost_7d_usd')}) > 0)`
}
