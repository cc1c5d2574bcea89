import { MACHINE_STALE_SECONDS } from '../../core/machine-state.ts'
import { above } from '../promql.ts'
import type { AlertRule, RuleGroup } from '../rule.ts'
import { commonValues } from '../values.ts'

/** A machine that was not seen for longer than this is thought to be gone for good. */
const GONE = '30 * 86400'
const LAST_SEEN = 'last_over_time(claude_exporter_machine_last_seen_timestamp_seconds[1h])'
const LAST_READ = 'last_over_time(claude_exporter_machine_last_read_timestamp_seconds[1h])'
const AWAY = 'claude_exporter_ledger_away_seconds'
const age = `(time() - ${LAST_SEEN})`
const DAY_SECONDS = 86_400

const machineValues = { ...commonValues, machine: '{{ $labels.machine }}' }

/** Machines that share a ledger, and the database that it is in. */
export const machineAlerts: RuleGroup<AlertRule> = {
  name: 'claude-usage.machines.alerts',
  rules: [
    {
      alert: 'ClaudeMachineSilent',
      severity: 'info',
      expr: `${above(age, 'machine_silent_after_seconds')}\nand ${age} < ${GONE}`,
      for: '15m',
      text: {
        summary: 'A machine has stored nothing for days.',
        description:
          'The exporter of machine {machine} gave its last sign of life {age} ago. What is used there is not counted before it is back; agents delete logs after 30 days.',
      },
      values: machineValues,
      dashboard: 'health',
      dashboardLabels: ['machine'],
    },
    {
      alert: 'ClaudeMachineStale',
      severity: 'warning',
      // One that is asleep is no fault: it has to have been seen within the hour.
      expr: `(
  ${LAST_SEEN}
  - on (job, instance, machine) group_left ()
  max by (job, instance, machine) (${LAST_READ})
) > ${MACHINE_STALE_SECONDS}
and ${age} < ${MACHINE_STALE_SECONDS}`,
      for: '15m',
      text: {
        summary: 'A machine is alive, but its logs are not read.',
        description:
          'The exporter of machine {machine} runs, but it read all of its logs for the last time {age} before its last sign of life. Its use is not counted meanwhile.',
      },
      values: machineValues,
      dashboard: 'health',
      dashboardLabels: ['machine'],
    },
    {
      alert: 'ClaudeLedgerAway',
      severity: 'critical',
      // An exporter that is restarted counts from 0: then a whole day without a second of contact.
      expr: `last_over_time(${AWAY}[15m]) > ${DAY_SECONDS}
or
(
  min_over_time(${AWAY}[1d]) > 0
  and on (job, instance) last_over_time(${AWAY}[12h] offset 1d)
  and on (job, instance) last_over_time(${AWAY}[15m])
)`,
      for: '5m',
      text: {
        summary: 'The database of the ledger has not been reached for a day.',
        description:
          'The exporter at {instance} has not reached its database for {age} or longer. Nothing is lost while the agents keep their logs, which is 30 days unless set otherwise.',
      },
      values: machineValues,
      dashboard: 'health',
    },
    {
      alert: 'ClaudeLedgerAway',
      severity: 'warning',
      expr: `last_over_time(${AWAY}[15m]) > 0`,
      for: '15m',
      text: {
        summary: 'The database of the ledger cannot be reached.',
        description:
          'The exporter at {instance} has not reached its database for {age}. All figures are those of the last contact; logs are read when it is back.',
      },
      values: machineValues,
      dashboard: 'health',
    },
  ],
}
