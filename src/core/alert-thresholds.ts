/**
 * Numbers the alert rules compare with. They are settings and are served as a metric, so that no rule changes when one of
 * them does. The name is the value of the `threshold` label; the setting is `alerts.` and the name, without `_seconds`
 * where it is a duration.
 */
export interface AlertThreshold {
  readonly name: string
  readonly unit: 'ratio' | 'tokens' | 'usd' | 'seconds' | 'count'
  /** In the unit. */
  readonly default: number
  readonly about: string
}

export const ALERT_THRESHOLDS = [
  {
    name: 'burn_fast_ratio',
    unit: 'ratio',
    default: 12,
    about: 'Burn rate over both 1 h and 6 h that pages, for budgets of more than a day; 1 is even spending.',
  },
  {
    name: 'burn_fast_day_ratio',
    unit: 'ratio',
    default: 12,
    about:
      'Burn rate over 1 h that pages, for budgets of a day or less; 12 is half of a day in an hour, beyond a busy one.',
  },
  {
    name: 'burn_slow_ratio',
    unit: 'ratio',
    default: 2,
    about: 'Burn rate over both 6 h and 3 d that warns, for budgets of more than a day.',
  },
  {
    name: 'forecast_ratio',
    unit: 'ratio',
    default: 1.1,
    about: 'Forecast divided by limit above which a budget is expected to be exceeded.',
  },
  {
    name: 'forecast_elapsed_ratio',
    unit: 'ratio',
    default: 0.1,
    about: 'Share of a period that must have passed before a forecast is made.',
  },
  {
    name: 'session_rate_tokens',
    unit: 'tokens',
    default: 3_000_000,
    about: 'Tokens of all classes per minute, over 5 minutes, above which a single session is a runaway.',
  },
  {
    name: 'agent_rate_ratio',
    unit: 'ratio',
    default: 10,
    about: 'Tokens per minute of an agent or project, as a multiple of its usual, that are a runaway.',
  },
  {
    name: 'agent_rate_tokens',
    unit: 'tokens',
    default: 50_000,
    about: 'Tokens per minute, without cache reads, below which no agent or project is a runaway.',
  },
  {
    name: 'active_sessions_count',
    unit: 'count',
    default: 12,
    about: 'Sessions active at the same time that are too many.',
  },
  {
    name: 'unattended_requests_count',
    unit: 'count',
    default: 150,
    about: 'Requests of an active session without a human turn that are too many.',
  },
  {
    name: 'unusual_cost_ratio',
    unit: 'ratio',
    default: 5,
    about: 'Cost of the last hour, as a multiple of the same hour in the past 4 weeks, that is unusual.',
  },
  {
    name: 'unusual_cost_usd',
    unit: 'usd',
    default: 5,
    about: 'Dollars in the last hour below which nothing is unusual.',
  },
  {
    name: 'cache_drop_ratio',
    unit: 'ratio',
    default: 0.2,
    about: 'Fall of the cache hit ratio of 6 hours below that of 7 days (0.2 = 20 percentage points) that warns.',
  },
  {
    name: 'cache_drop_tokens',
    unit: 'tokens',
    default: 1_000_000,
    about: 'Prompt tokens in 6 hours below which the cache hit ratio says nothing.',
  },
  {
    name: 'sync_stale_seconds',
    unit: 'seconds',
    default: 2 * 3_600,
    about: 'Age of the last successful look at a source that is too old.',
  },
  {
    name: 'data_stale_seconds',
    unit: 'seconds',
    default: 26 * 3_600,
    about: 'Age of the newest data of an organisation that is too old.',
  },
  {
    name: 'source_silent_seconds',
    unit: 'seconds',
    default: 3 * 86_400,
    about: 'Time without a response in the logs of an agent that was in use before.',
  },
  {
    name: 'machine_silent_after_seconds',
    unit: 'seconds',
    default: 7 * 86_400,
    about:
      'Time without a sign of life of the exporter of a machine that others share a ledger with. Laptops are closed over weekends and holidays.',
  },
  {
    name: 'rejected_lines_ratio',
    unit: 'ratio',
    default: 0.01,
    about: 'Share of log lines of the last hour that could not be used.',
  },
  {
    name: 'reconciliation_ratio',
    unit: 'ratio',
    default: 0.25,
    about: 'Distance of the ratio of estimate to bill from 1 that needs a look.',
  },
  {
    name: 'balance_low_seconds',
    unit: 'seconds',
    default: 7 * 86_400,
    about: 'Time that the prepaid balance should last at least.',
  },
] as const satisfies readonly AlertThreshold[]

export type AlertThresholdName = (typeof ALERT_THRESHOLDS)[number]['name']
export type AlertThresholdValues = Readonly<Record<AlertThresholdName, number>>

/** As shipped. */
export const DEFAULT_THRESHOLDS = Object.fromEntries(
  ALERT_THRESHOLDS.map((threshold) => [threshold.name, threshold.default]),
) as AlertThresholdValues
