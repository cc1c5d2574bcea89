import { LEVEL_HOLD, RATE_HOLD } from './promql.ts'
import { BUDGET } from './recording/budgets.ts'
import { CACHE } from './recording/usage.ts'

/** Templates of Prometheus for the values that texts name. */

const UNKNOWN = 'unknown'
const PERCENT = 'humanizePercentage'
const TOKENS = 'humanize'
const USD = 'printf "$%.2f"'
const TIME = 'humanizeTimestamp'
const FACTOR = 'printf "%.1f"'
const COUNT = 'printf "%.0f"'

const BUDGET_LABELS = ['job', 'instance', 'budget']
const AGENT_LABELS = ['job', 'instance', 'source', 'agent']
const PROJECT_LABELS = ['job', 'instance', 'project']

/** Values of alerts about a budget, in US dollars or tokens as the budget is. */
export const budgetValues = {
  budget: label('budget'),
  used_percent: ask(selected(BUDGET.usedRatio, BUDGET_LABELS), BUDGET_LABELS, PERCENT),
  spent: amount('spent'),
  limit: amount('limit'),
  period_end: periodEnd(),
  forecast: amount('forecast'),
  forecast_percent: ask(last('claude_budget_forecast_ratio', BUDGET_LABELS), BUDGET_LABELS, PERCENT),
  exhausted_at: ask(last('claude_budget_exhaustion_timestamp_seconds', BUDGET_LABELS), BUDGET_LABELS, TIME),
  burn_1h: ask(last('claude_budget_burn_rate_1h', BUDGET_LABELS, RATE_HOLD), BUDGET_LABELS, FACTOR),
  burn_6h: ask(last('claude_budget_burn_rate_6h', BUDGET_LABELS, RATE_HOLD), BUDGET_LABELS, FACTOR),
  burn_3d: ask(last('claude_budget_burn_rate_3d', BUDGET_LABELS, RATE_HOLD), BUDGET_LABELS, FACTOR),
} as const

/** The value of the rule is the rate or the requests of the session. */
export const sessionValues = {
  source: label('source'),
  agent: label('agent'),
  project: label('project'),
  tokens_per_minute: value(TOKENS),
  requests: value(COUNT),
} as const

const SUBJECT =
  '{{ if $labels.project }}Project {{ $labels.project }}{{ else }}Agent {{ $labels.agent }} ({{ $labels.source }}){{ end }}'

/** Of an agent or a project; the value of the rule is what it uses or costs now. */
export const agentValues = {
  subject: SUBJECT,
  tokens_per_minute: value(TOKENS),
  usual_tokens_per_minute: usual('usual_tokens_per_minute', TOKENS),
  cost_last_hour: value(USD),
  usual_cost: usual('cost_usual_hour_usd', USD),
} as const

export const sessionsValues = {
  sessions: value(COUNT),
  limit: ask(
    `last_over_time(claude_alert_threshold{threshold="active_sessions_count",job=%q,instance=%q}[${LEVEL_HOLD}])`,
    ['job', 'instance'],
    COUNT,
  ),
} as const

const BALANCE_LABELS = ['job', 'instance', 'organization']

export const balanceValues = {
  organization: label('organization'),
  balance: ask(last('claude_balance_usd', BALANCE_LABELS), BALANCE_LABELS, USD),
  runway_days: ask(`${last('claude_balance_runway_seconds', BALANCE_LABELS)} / 86400`, BALANCE_LABELS, FACTOR),
} as const

export const cacheValues = {
  project: label('project'),
  hit_ratio_6h: ask(selected(CACHE.hitRatio6h, PROJECT_LABELS), PROJECT_LABELS, PERCENT),
  hit_ratio_7d: ask(selected(CACHE.hitRatio7d, PROJECT_LABELS), PROJECT_LABELS, PERCENT),
} as const

/** For texts that only the rules have: labels, and the value of the rule in several forms. */
export const commonValues = {
  instance: label('instance'),
  source: label('source'),
  project: label('project'),
  provider: label('provider'),
  model: label('model'),
  organization: label('organization'),
  tokens: value(TOKENS),
  count: value(COUNT),
  percent: value(PERCENT),
  age: value('humanizeDuration'),
} as const

function label(name: string): string {
  return `{{ $labels.${name} }}`
}

function value(format: string): string {
  return `{{ $value | ${format} }}`
}

/** What a query answers, for the labels of the alert in the order in which the query has a `%q` for each. */
function ask(query: string, labels: readonly string[], format: string, otherwise = UNKNOWN, unit = ''): string {
  const given = labels.map((name) => `$labels.${name}`).join(' ')
  return `{{ with printf \`${query}\` ${given} | query }}{{ . | first | value | ${format} }}${unit}{{ else }}${otherwise}{{ end }}`
}

/** A rolling period ends now, at any time; what it is called holds its days. */
function periodEnd(): string {
  const given = BUDGET_LABELS.map((name) => `$labels.${name}`).join(' ')
  const rolling = `last_over_time(claude_budget_info{${matchers(BUDGET_LABELS)},period=~"rolling.+"}[${LEVEL_HOLD}])`
  const days = `{{ . | first | label "period" | reReplaceAll "rolling ([0-9]+)d" "$1" }}`
  const end = ask(last('claude_budget_period_end_timestamp_seconds', BUDGET_LABELS), BUDGET_LABELS, TIME)
  return `{{ with printf \`${rolling}\` ${given} | query }}now and is always the last ${days} days{{ else }}${end}{{ end }}`
}

function amount(what: string): string {
  const family = `claude_budget_${what}`
  const tokens = ask(last(`${family}_tokens`, BUDGET_LABELS), BUDGET_LABELS, TOKENS, UNKNOWN, ' tokens')
  return ask(last(`${family}_usd`, BUDGET_LABELS), BUDGET_LABELS, USD, tokens)
}

function usual(what: string, format: string): string {
  const ofProject = ask(last(`claude_project_${what}`, PROJECT_LABELS, RATE_HOLD), PROJECT_LABELS, format)
  const ofAgent = ask(last(`claude_agent_${what}`, AGENT_LABELS, RATE_HOLD), AGENT_LABELS, format)
  return `{{ if $labels.project }}${ofProject}{{ else }}${ofAgent}{{ end }}`
}

function last(family: string, labels: readonly string[], hold = LEVEL_HOLD): string {
  return `last_over_time(${selected(family, labels)}[${hold}])`
}

/** A selector with a `%q` for the value of each label. */
function selected(family: string, labels: readonly string[]): string {
  return `${family}{${matchers(labels)}}`
}

function matchers(labels: readonly string[]): string {
  return labels.map((name) => `${name}=%q`).join(',')
}
