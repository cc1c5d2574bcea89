import { REJECT_REASONS } from '../../core/usage.ts'
import type { ApiSourceHealth } from '../../view/organization/part.ts'
import type { SourceHealth } from '../../view/snapshot.ts'
import { type MetricDefinition, metric } from '../definition.ts'
import { apiSourcesUp, apiTimestamps } from './runs.ts'

const NO_LABELS = {}

/** How well the sources are read. Always served, also while the first load runs. */
export const sourceDefinitions = [
  metric({
    name: 'claude_exporter_source_up',
    type: 'gauge',
    help:
      '1 when the source was found and all of it can be read. 0: not installed, or unreadable, which the log then ' +
      'explains. For a report of an organization: whether its newest run that was not interrupted succeeded.',
    unit: '',
    labels: ['source'],
    collector: 'exporter',
    read: (snapshot) => [...snapshot.sources.map((row) => [row, row.up ? 1 : 0] as const), ...apiSourcesUp(snapshot)],
  }),
  timestamp(
    'claude_exporter_sync_last_success_timestamp_seconds',
    'Unix time when the source was last read to its end without an error.',
    (row) => row.lastSuccess,
    (row) => row.lastSuccess,
  ),
  timestamp(
    'claude_exporter_data_watermark_timestamp_seconds',
    'Session logs: Unix time of the newest response in the ledger; it stands still while nobody works. Reports of an ' +
      'organization: Unix time until when the data of the provider are complete without a gap.',
    (row) => row.watermark,
    (row) => row.watermark,
  ),
  metric({
    name: 'claude_exporter_tail_mode_info',
    type: 'gauge',
    help: 'Always 1: how changes to the logs are noticed (events, polling, or off).',
    unit: '',
    labels: ['source', 'mode'],
    collector: 'exporter',
    read: (snapshot) => snapshot.sources.map((row) => [{ source: row.source, mode: row.tailMode }, 1] as const),
  }),
  metric({
    name: 'claude_exporter_session_files',
    type: 'gauge',
    help: 'Session logs that exist now. It falls when an agent deletes old logs; their use stays counted.',
    unit: 'files',
    labels: ['source'],
    collector: 'exporter',
    read: (snapshot) => snapshot.sources.map((row) => [row, row.streams] as const),
  }),
  counter(
    'claude_exporter_session_bytes_read_total',
    'Bytes of session logs read since the ledger began.',
    'bytes',
    (row) => row.bytes,
  ),
  counter(
    'claude_exporter_lines_total',
    'Lines of session logs read since the ledger began, with and without use.',
    'lines',
    (row) => row.lines,
  ),
  counter(
    'claude_exporter_duplicate_requests_total',
    'Log lines that told of a response already known, since the ledger began. Normal: agents write a response on ' +
      'several lines and copy it.',
    'lines',
    (row) => row.duplicates,
  ),
  metric({
    name: 'claude_exporter_rejected_lines_total',
    type: 'counter',
    help: 'Log lines that were not counted as they stood, since the ledger began, by reason.',
    unit: 'lines',
    labels: ['source', 'reason'],
    collector: 'exporter',
    read: (snapshot) =>
      snapshot.sources.flatMap(({ source, rejected }) =>
        REJECT_REASONS.map((reason) => [{ source, reason }, rejected[reason] ?? 0] as const),
      ),
  }),
]

/** The ledger and the series limit. Always served, too. */
export const ledgerDefinitions = [
  metric({
    name: 'claude_exporter_ledger_up',
    type: 'gauge',
    help: '1 when the last transaction of the ledger succeeded. At 0 the figures are those of the last success. For how long its database is away: claude_exporter_ledger_away_seconds.',
    unit: '',
    labels: [],
    collector: 'exporter',
    read: ({ ledger }) => [[NO_LABELS, ledger.up ? 1 : 0]],
  }),
  metric({
    name: 'claude_exporter_ledger_errors_total',
    type: 'counter',
    help: 'Failed transactions of the ledger since the exporter started, by reason. A failed one is tried again.',
    unit: 'transactions',
    labels: ['reason'],
    collector: 'exporter',
    read: ({ ledger }) => Object.entries(ledger.errors).map(([reason, count]) => [{ reason }, count] as const),
  }),
  metric({
    name: 'claude_exporter_ledger_size_bytes',
    type: 'gauge',
    help: 'Size of the ledger on disk.',
    unit: 'bytes',
    labels: [],
    collector: 'exporter',
    read: ({ ledger }) => [[NO_LABELS, ledger.sizeBytes]],
  }),
  metric({
    name: 'claude_exporter_held_requests',
    type: 'gauge',
    help: 'Responses that are in the ledger but not in the counters yet, because their last log line may still come.',
    unit: 'requests',
    labels: [],
    collector: 'exporter',
    read: ({ ledger }) => [[NO_LABELS, ledger.held]],
  }),
  metric({
    name: 'claude_exporter_load_complete',
    type: 'gauge',
    help: '1 when the history found at the first start is loaded. Until then nothing that follows from session logs is served.',
    unit: '',
    labels: [],
    collector: 'exporter',
    read: (snapshot) => [[NO_LABELS, snapshot.complete ? 1 : 0]],
  }),
  metric({
    name: 'claude_exporter_time_zone_info',
    type: 'gauge',
    help: 'Always 1: the time zone in which days and months begin.',
    unit: '',
    labels: ['time_zone'],
    collector: 'exporter',
    read: (snapshot) => [[{ time_zone: snapshot.timeZone }, 1]],
  }),
  metric({
    name: 'claude_exporter_series_limit',
    type: 'gauge',
    help: 'Most series the session families may have before new label sets are counted under "other"; and most label sets of each family of an organization, where the smallest are.',
    unit: 'series',
    labels: [],
    collector: 'exporter',
    read: ({ series }) => [[NO_LABELS, series.limit]],
  }),
  metric({
    name: 'claude_exporter_series_folded_total',
    type: 'counter',
    help: 'Label sets counted under "other" since the ledger began because the series limit was reached.',
    unit: 'label sets',
    labels: [],
    collector: 'exporter',
    read: ({ series }) => [[NO_LABELS, series.folded]],
  }),
]

function counter(name: string, help: string, unit: string, value: (row: SourceHealth) => number): MetricDefinition {
  return metric({
    name,
    type: 'counter',
    help,
    unit,
    labels: ['source'],
    collector: 'exporter',
    read: (snapshot) => snapshot.sources.map((row) => [row, value(row)] as const),
  })
}

function timestamp(
  name: string,
  help: string,
  timeMs: (row: SourceHealth) => number | null,
  apiTimeMs: (row: ApiSourceHealth) => number | null,
): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help: `${help} Absent before the first.`,
    unit: 'seconds',
    labels: ['source'],
    collector: 'exporter',
    read: (snapshot) => [
      ...snapshot.sources.flatMap((row) => {
        const time = timeMs(row)
        return time === null ? [] : [[row, time / 1000] as const]
      }),
      ...apiTimestamps(snapshot, apiTimeMs),
    ],
  })
}
