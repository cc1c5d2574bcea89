import type { AlertText } from './texts.ts'

/** `critical`: somebody is woken. `warning`: today. `info`: when there is time. */
export type Severity = 'critical' | 'warning' | 'info'

export const DASHBOARDS = {
  overview: 'claude-usage-overview',
  budgets: 'claude-usage-budgets',
  projects: 'claude-usage-projects',
  cache: 'claude-usage-cache',
  billing: 'claude-usage-billing',
  health: 'claude-usage-health',
} as const
export type Dashboard = keyof typeof DASHBOARDS

export interface AlertRule {
  readonly alert: string
  readonly severity: Severity
  readonly expr: string
  /** How long `expr` must hold, as Prometheus writes durations; absent: not at all. */
  readonly for?: string
  /** How long it goes on when `expr` no longer holds, where the value can flap. */
  readonly keepFiringFor?: string
  /** What is told; `{name}` in the description is one of `values`. */
  readonly text: AlertText
  /** Templates of Prometheus, by the name in the description. */
  readonly values: Readonly<Record<string, string>>
  readonly dashboard: Dashboard
  /** Labels that choose what the dashboard shows, each a variable of it. */
  readonly dashboardLabels?: readonly string[]
}

export interface RecordingRule {
  /** `level:metric:operation`. */
  readonly record: string
  readonly expr: string
}

export interface RuleGroup<Rule extends AlertRule | RecordingRule> {
  readonly name: string
  /** How often it is evaluated; absent: as often as Prometheus is told to. */
  readonly interval?: string
  readonly rules: readonly Rule[]
}
