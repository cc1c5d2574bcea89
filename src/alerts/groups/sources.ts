import type { AlertThresholdName } from '../../core/alert-thresholds.ts'
import { above, indented, notAbove } from '../promql.ts'
import { SYNC_WAIT } from '../recording/usage.ts'
import type { AlertRule, RuleGroup } from '../rule.ts'
import { NOTICE_TEXTS } from '../texts.ts'
import { commonValues } from '../values.ts'

const ON_SOURCE = 'on (job, instance, source)'
const REPORTS = 'usage|cost|directory|claude-code'
/** Reports that come in buckets of time. Session logs stand still while nobody works. */
const BUCKETS = 'source=~"anthropic-(usage|cost|claude-code)(:.+)?"'
const LOGS = `source!~"anthropic-(${REPORTS})(:.+)?"`
/** An agent that was not used for so long is not in use: another kind of silence. */
const UNUSED = '30 * 86400'

/** A report whose newest run failed stays so until the next; logs are tried again every minute, each counted. */
const failing = `last_over_time(claude_exporter_source_up[10m]) == 0
and ${ON_SOURCE} last_over_time(claude_exporter_sync_next_timestamp_seconds[10m])
or
sum without (reason) (increase(claude_exporter_sync_failures_total[10m])) > 0`

const silence = `(time() - last_over_time(claude_exporter_data_watermark_timestamp_seconds{${LOGS}}[1h]))`

/** Whether what is known of usage is fresh. Held a little over a restart; without the exporter another alert speaks. */
export const sourceAlerts: RuleGroup<AlertRule> = {
  name: 'claude-usage.sources.alerts',
  rules: [
    {
      alert: 'ClaudeSyncFailing',
      severity: 'warning',
      expr: withOrganization(failing),
      for: '15m',
      text: {
        summary: 'A source cannot be read.',
        description:
          'Every attempt of the last 15 minutes to read {source} has failed. Its usage is not counted meanwhile.',
      },
      values: commonValues,
      dashboard: 'health',
    },
    {
      alert: 'ClaudeSyncStale',
      severity: 'warning',
      expr: withOrganization(
        olderThan('last_over_time(claude_exporter_sync_last_success_timestamp_seconds[1h])', 'sync_stale_seconds'),
      ),
      for: '5m',
      text: {
        summary: 'A source was not read for a long time.',
        description: 'The last successful look at {source} was {age} ago.',
      },
      values: commonValues,
      dashboard: 'health',
    },
    {
      alert: 'ClaudeDataStale',
      severity: 'warning',
      expr: withOrganization(
        olderThan(
          `last_over_time(claude_exporter_data_watermark_timestamp_seconds{${BUCKETS}}[1h])`,
          'data_stale_seconds',
        ),
      ),
      for: '15m',
      text: {
        summary: "An organisation's figures are old.",
        description:
          'The data of {source} are complete only up to {age} ago. Budgets over them show less than was spent.',
      },
      values: commonValues,
      dashboard: 'health',
    },
    {
      alert: 'ClaudeSourceSilent',
      severity: 'info',
      expr: `${above(silence, 'source_silent_seconds')}\nand ${silence} < ${UNUSED}`,
      for: '15m',
      text: {
        summary: 'An agent that was in use has logged nothing for days.',
        description: 'The newest response in the logs of {source} is {age} old.',
      },
      values: commonValues,
      dashboard: 'health',
    },
    {
      alert: 'ClaudeCredentialsRejected',
      severity: 'warning',
      expr: 'last_over_time(claude_exporter_credentials_valid[10m]) == 0',
      for: '10m',
      text: NOTICE_TEXTS.ClaudeCredentialsRejected,
      values: { ...commonValues, source: 'anthropic:{{ $labels.organization }}' },
      dashboard: 'health',
    },
    {
      alert: 'ClaudeRejectedLines',
      severity: 'warning',
      expr: above(
        `(
  sum without (reason) (increase(claude_exporter_rejected_lines_total[1h]))
  / ${ON_SOURCE} group_left ()
  max by (job, instance, source) (increase(claude_exporter_lines_total[1h]))
)`,
        'rejected_lines_ratio',
      ),
      for: '15m',
      keepFiringFor: '15m',
      text: {
        summary: 'Many log lines cannot be used.',
        description: 'In the last hour {percent} of the lines of {source} were not counted as they stood.',
      },
      values: commonValues,
      dashboard: 'health',
    },
  ],
}

/** The age of a time, where it is above a threshold, and above it by more than a plan with long pauses explains. */
function olderThan(time: string, name: AlertThresholdName): string {
  const age = `(time() - ${time})`
  const beyondPlan = `(
  time() - ${time}
  - ${ON_SOURCE} group_left ()
  max by (job, instance, source) (${SYNC_WAIT})
)`
  return `${above(age, name)}
unless ${ON_SOURCE} (
  ${indented(notAbove(beyondPlan, name))}
)`
}

/** Adds the organisation of a report, so that an alert about its credentials can mute what follows from them. */
function withOrganization(expr: string): string {
  return `label_replace(
  label_replace(
    ${indented(indented(expr))},
    "organization", "default", "source", "anthropic-(${REPORTS})"
  ),
  "organization", "$1", "source", "anthropic-(?:${REPORTS}):(.+)"
)`
}
