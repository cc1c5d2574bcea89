import { COLORS } from '../../lib/colors.ts'
import { statPanel } from '../../lib/panels.ts'
import { ratio, type Select, selector } from '../../lib/select.ts'
import { NONE_WANTED, OF_LIMIT, steps } from '../../lib/thresholds.ts'

const STAT = { width: 4, height: 3 } as const

export function spent(select: Select, id: number, title: string, window: string, words: string) {
  return statPanel({
    ...STAT,
    id,
    title,
    description: `Estimated cost of metered use: ${words}. Not a bill, and without use that a plan covers.`,
    unit: 'usd',
    decimals: 2,
    color: COLORS.money,
    queries: [{ refId: 'A', expr: `sum(${select(`claude_estimated_cost_${window}_usd`)})` }],
  })
}

export function burn(select: Select) {
  return statPanel({
    ...STAT,
    id: 4,
    title: 'Burn, last hour',
    description: 'Estimated cost of the last 60 to 75 minutes of the agents chosen. Of all projects and models.',
    unit: 'usd',
    decimals: 2,
    color: COLORS.money,
    queries: [{ refId: 'A', expr: `sum(${select('claude_agent_cost_last_hour_usd')}) or vector(0)` }],
  })
}

export function activeSessions(select: Select) {
  return statPanel({
    ...STAT,
    id: 5,
    title: 'Active sessions',
    description: 'Sessions with a response in the last 5 minutes. Of all models.',
    unit: 'count',
    queries: [{ refId: 'A', expr: `sum(${select('claude_active_sessions')}) or vector(0)` }],
  })
}

export function firing(select: Select) {
  return statPanel({
    ...STAT,
    id: 6,
    title: 'Firing alerts',
    description:
      'Alerts of the shipped rules that fire now, whatever is chosen above. 0 too where the rules are not loaded.',
    unit: 'count',
    thresholds: NONE_WANTED,
    queries: [
      { refId: 'A', expr: `count(${select('ALERTS', 'alertname=~"Claude.+", alertstate="firing"')}) or vector(0)` },
    ],
  })
}

export function forecast(select: Select) {
  return statPanel({
    ...STAT,
    id: 7,
    title: 'Worst budget forecast',
    description:
      'What the budget with the worst outlook is expected to come to by the end of its period, as a share of its limit. ' +
      'Nothing is shown early in a period and without budgets.',
    unit: 'ratio',
    decimals: 0,
    thresholds: OF_LIMIT,
    noValue: 'none yet',
    queries: [{ refId: 'A', expr: `max(${select('claude_budget_forecast_ratio')})` }],
  })
}

export function billed() {
  // The provider and the logs name models differently.
  const select = selector(['job', 'instance'])
  return statPanel({
    ...STAT,
    id: 8,
    title: 'Billed this month (UTC)',
    description:
      'What the provider bills all organisations for use since the first of the month, after discounts. Needs the ' +
      "organisation's API; the filters of sessions do not apply.",
    unit: 'usd',
    decimals: 2,
    color: COLORS.money,
    noValue: 'no organisation',
    queries: [{ refId: 'A', expr: `sum(${select('claude_billed_cost_month_to_date_usd')})` }],
  })
}

export function hitRatio(select: Select) {
  const tokens = (matcher: string) => `sum(${select('claude_tokens_7d', matcher)})`
  return statPanel({
    ...STAT,
    id: 9,
    title: 'Cache hit ratio, 7 days',
    description: 'Share of all tokens sent in the last 7 days that came from the cache.',
    unit: 'ratio',
    decimals: 1,
    queries: [{ refId: 'A', expr: ratio(tokens('token_type="cache_read"'), tokens('token_type!="output"')) }],
  })
}

export function savings(select: Select) {
  const of = (family: string) => `sum(increase(${select(family)}[$__range]))`
  return statPanel({
    ...STAT,
    id: 10,
    title: 'Cache savings, net',
    description:
      'What reading from the cache saved over the time shown, less what writing to it cost above plain input, at list ' +
      'prices and for use that a plan covers too.',
    unit: 'usd',
    decimals: 2,
    queries: [
      {
        refId: 'A',
        expr: `${of('claude_cache_read_savings_usd_total')}\n-\n${of('claude_cache_write_premium_usd_total')}`,
      },
    ],
  })
}

export function tokensToday(select: Select) {
  return statPanel({
    ...STAT,
    id: 11,
    title: 'Tokens today',
    description: 'Tokens of all classes today, the calendar day in the zone of the exporter.',
    unit: 'tokens',
    decimals: 1,
    queries: [{ refId: 'A', expr: `sum(${select('claude_tokens_today')})` }],
  })
}

export function dataAge(select: Select) {
  return statPanel({
    ...STAT,
    id: 12,
    title: 'Data age',
    description: 'Time since the session logs of the source read least recently were last read to their end.',
    unit: 'seconds',
    decimals: 0,
    thresholds: steps([1800, COLORS.warning], [7200, COLORS.bad]),
    queries: [
      {
        refId: 'A',
        expr: `time() - min(${select('claude_exporter_sync_last_success_timestamp_seconds')} and on (job, instance, source) ${select('claude_exporter_lines_total')})`,
      },
    ],
  })
}
