import { labelValue } from '../../view/labels.ts'
import type { Snapshot } from '../../view/snapshot.ts'
import { type MetricDefinition, metric } from '../definition.ts'

type MachineRow = Snapshot['machines'][number]

const ONLY_SHARED = 'Only with several machines, or with a ledger that several may share.'

/** How the machines do that write the ledger, so that one that is missing is noticed. */
export const machineDefinitions = [
  timestamp(
    'claude_exporter_machine_last_seen_timestamp_seconds',
    'Unix time of the last sign of life of the exporter of a machine.',
    (row) => row.seenAt,
  ),
  timestamp(
    'claude_exporter_machine_last_read_timestamp_seconds',
    'Unix time when all logs of a machine were last read as a whole. Absent before the first time.',
    (row) => row.readAt,
  ),
  timestamp(
    'claude_exporter_machine_newest_response_timestamp_seconds',
    'Unix time of the newest response in the logs of a machine; it stands still while nobody works there. Absent before the first.',
    (row) => row.newestAt,
  ),
  metric({
    name: 'claude_exporter_ledger_away_seconds',
    type: 'gauge',
    help: 'How long the database of the ledger has not been reached, as this exporter knows; 0 while it is. Only for a ledger that several machines may share.',
    unit: 'seconds',
    labels: [],
    collector: 'exporter',
    read: ({ sharedLedger, at }) => {
      if (sharedLedger === null) return []
      const { awaySince } = sharedLedger
      return [[NO_LABELS, awaySince === null ? 0 : Math.max(0, at - awaySince) / 1000]]
    },
  }),
]

const NO_LABELS = {}

function timestamp(name: string, help: string, timeMs: (row: MachineRow) => number | null): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help: `${help} ${ONLY_SHARED}`,
    unit: 'seconds',
    labels: ['machine'],
    collector: 'exporter',
    read: ({ machines }) =>
      machines.flatMap((row) => {
        const time = timeMs(row)
        return time === null ? [] : [[{ machine: labelValue(row.name) }, time / 1000] as const]
      }),
  })
}
