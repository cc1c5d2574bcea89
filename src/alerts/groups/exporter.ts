import type { AlertRule, RuleGroup } from '../rule.ts'
import { commonValues } from '../values.ts'

/** Targets that answered as this exporter in the last week, or stand under the job name that is shipped. */
const down = `up == 0 and on (job, instance) last_over_time(claude_exporter_build_info[7d])
or
up{job="claude-usage-exporter"} == 0`

const NEWEST_SENT = 'last_over_time(claude_exporter_remote_write_newest_sent_timestamp_seconds[15m])'

/** The exporter itself. */
export const exporterAlerts: RuleGroup<AlertRule> = {
  name: 'claude-usage.exporter.alerts',
  rules: [
    {
      alert: 'ClaudeExporterDown',
      severity: 'critical',
      // The last part: no exporter is known at all. It is left out when the first tells of one by its name.
      expr: `${down}
or
absent(claude_exporter_build_info) unless on () (
  ${down.replaceAll('\n', '\n  ')}
)`,
      for: '5m',
      text: {
        summary: 'The exporter does not answer.',
        description:
          'Prometheus gets no answer from the exporter {{ with $labels.instance }}at {{ . }}{{ else }}(no target is known){{ end }}. Nothing watches the spending meanwhile; budget alerts keep their last state for some hours.',
      },
      values: {},
      dashboard: 'health',
    },
    {
      alert: 'ClaudeLedgerErrors',
      severity: 'critical',
      // Where only the database is away, ClaudeLedgerAway tells it.
      expr: `last_over_time(claude_exporter_ledger_up[5m]) == 0
unless on (job, instance) last_over_time(claude_exporter_ledger_away_seconds[5m]) > 0`,
      for: '10m',
      text: {
        summary: 'The ledger cannot be written.',
        description:
          'No transaction of the ledger at {instance} has succeeded for 10 minutes. All figures are those of the last success.',
      },
      values: commonValues,
      dashboard: 'health',
    },
    {
      alert: 'ClaudeLedgerErrors',
      severity: 'warning',
      expr: 'sum without (reason) (increase(claude_exporter_ledger_errors_total{reason!="away"}[10m])) > 0',
      for: '15m',
      text: {
        summary: 'Transactions of the ledger fail again and again.',
        description: 'About {count} transactions of the ledger at {instance} have failed in the last 10 minutes.',
      },
      values: commonValues,
      dashboard: 'health',
    },
    {
      alert: 'ClaudeRemoteWriteFailing',
      severity: 'warning',
      // One that is behind, but catches up, is no fault. Told by an exporter that is scraped as well, or of its past.
      expr: `sum without (reason) (increase(claude_exporter_remote_write_failures_total[15m])) > 0
unless on (job, instance) (time() - ${NEWEST_SENT}) < 900`,
      for: '15m',
      text: {
        summary: 'The receiver of remote write takes nothing.',
        description:
          'The exporter at {instance} has sent nothing to its receiver for 15 minutes or more; about {count} requests failed in that time. Its figures are missing there meanwhile.',
      },
      values: commonValues,
      dashboard: 'health',
    },
    {
      alert: 'ClaudeConfigReloadFailed',
      severity: 'warning',
      expr: 'last_over_time(claude_exporter_config_last_reload_successful[5m]) == 0',
      for: '5m',
      text: {
        summary: 'The configuration was not accepted.',
        description:
          'The exporter at {instance} could not load its configuration and goes on with the one before: changed budgets are not in force.',
      },
      values: commonValues,
      dashboard: 'health',
    },
    {
      alert: 'ClaudeSeriesFolded',
      severity: 'warning',
      expr: 'increase(claude_exporter_series_folded_total[1h]) > 0',
      for: '5m',
      text: {
        summary: 'There are more label sets than the series limit allows.',
        description:
          'The exporter at {instance} has counted about {count} new label sets under "other" in the last hour. Sums stay right; single projects, agents and models do not.',
      },
      values: commonValues,
      dashboard: 'health',
    },
  ],
}
