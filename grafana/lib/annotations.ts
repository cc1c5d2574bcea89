import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Severity } from '../../src/alerts/rule.ts'
import { COLORS } from './colors.ts'
import { DATASOURCE, placeholder } from './datasource.ts'
import type { Select } from './select.ts'

interface Annotation {
  readonly name: string
  readonly color: string
  readonly expr: (select: Select) => string
  readonly title: string
  readonly text: string
  /** Whether the value is the time in milliseconds, and not a sign that something holds when it is asked. */
  readonly isTime?: boolean
  /** Can be switched on. */
  readonly isOff?: boolean
}

/** What happened, as marks over the panels with a time axis. */
const ANNOTATIONS = {
  critical: alerts('Critical alerts', 'critical', COLORS.bad),
  warning: alerts('Warnings', 'warning', COLORS.critical),
  info: { ...alerts('Hints', 'info', COLORS.money), isOff: true },
  prices: {
    name: 'Price changes',
    color: COLORS.tokens,
    expr: (select) => changed(select('claude_model_price_usd_per_token'), 'model'),
    title: 'List price changed',
    text: '{{model}}',
  },
  corrections: {
    name: 'Corrections',
    color: COLORS.even,
    // A series that begins is a correction too.
    expr: (select) => {
      const reversed = select('claude_tokens_reversed_total')
      const begun = `count by (source) (${reversed} unless last_over_time(${reversed}[1d] offset $__rate_interval))`
      return `${changed(reversed, 'source')}\nor\n${begun}`
    },
    title: 'Logs corrected what was counted',
    text: '{{source}}',
  },
  periods: {
    name: 'Budget periods',
    color: COLORS.even,
    // Days would be a mark beside each other, and rolling periods begin all the time.
    expr: (select) =>
      `${shown(select('claude_budget_period_start_timestamp_seconds'))}
unless on (job, instance, budget) ${select('claude_budget_info', 'period=~"day|rolling.*"')}`,
    title: 'Budget period begins',
    text: '{{budget}}',
    isTime: true,
  },
  reloads: {
    name: 'Configuration read',
    color: COLORS.expected,
    expr: (select) => shown(select('claude_exporter_config_last_reload_success_timestamp_seconds')),
    title: 'Configuration read',
    text: '{{instance}}',
    isTime: true,
  },
  restarts: {
    name: 'Restarts',
    color: COLORS.warning,
    expr: (select) =>
      `${shown(select('process_start_time_seconds'))}\nand on (job, instance) ${select('claude_exporter_build_info')}`,
    title: 'Exporter started',
    text: '{{instance}}',
    isTime: true,
  },
} as const satisfies Record<string, Annotation>
export type AnnotationName = keyof typeof ANNOTATIONS

/** `select` must filter by nothing but job, instance and budget: what happened is shown whatever else is chosen. */
export function annotation(name: AnnotationName, select: Select): AnnotationQueryBuilder {
  const { color, expr, title, text, isTime, isOff, ...rest }: Annotation = ANNOTATIONS[name]
  return new AnnotationQueryBuilder()
    .name(rest.name)
    .datasource(DATASOURCE)
    .enable(isOff !== true)
    .hide(false)
    .iconColor(color)
    .expr(expr(select))
    .titleFormat(title)
    .textFormat(text)
    .useValueForTime(isTime === true)
    .step('5m')
}

function alerts(name: string, severity: Severity, color: string): Annotation {
  return {
    name,
    color,
    expr: (select) => select('ALERTS', `alertname=~"Claude.+", alertstate="firing", severity="${severity}"`),
    title: '{{alertname}}',
    text: '{{budget}} {{source}} {{agent}} {{project}} {{model}} {{organization}}',
  }
}

function changed(family: string, by: string): string {
  return `sum by (${by}) (changes(${family}[$__rate_interval])) > 0`
}

/** Only times on the axis, in milliseconds. */
function shown(family: string): string {
  return `${family} * 1000 > ${placeholder('__from')}`
}
