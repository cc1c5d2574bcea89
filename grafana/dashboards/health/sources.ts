import { COLORS } from '../../lib/colors.ts'
import { dashed, seriesPanel } from '../../lib/panels.ts'
import { atEnd, perBar, ratio, type Select } from '../../lib/select.ts'
import { tablePanel } from '../../lib/tables.ts'
import { steps, yesNo } from '../../lib/thresholds.ts'
import { failuresByReason } from './reasons.ts'

const THIRD = { width: 8, height: 7 } as const
const LATE = steps([7_200, COLORS.warning], [86_400, COLORS.bad])

export function sources(select: Select) {
  const age = (family: string) => `time() - max by (instance, source) (${select(family)})`
  return tablePanel({
    id: 10,
    title: 'Sources',
    description:
      'Session logs of each agent, and reports of organisations. A source that is not installed is not a fault. The ' +
      'newest data of session logs stand still while nobody works.',
    unit: 'count',
    width: 24,
    height: 9,
    noValue: 'No source is read, or the exporter is not reached.',
    sortBy: { title: 'Source', descending: false },
    columns: [
      { from: 'source', title: 'Source' },
      { from: 'A', title: 'State', width: 120, mappings: [yesNo('readable', 'not there')] },
      { from: 'B', title: 'Last read', unit: 'seconds', decimals: 0, width: 130, thresholds: LATE },
      { from: 'C', title: 'Age of the newest data', unit: 'seconds', decimals: 0, width: 190 },
      { from: 'D', title: 'Next run', unit: 'fromNow', width: 150 },
      { from: 'E', title: 'Settled until', unit: 'date', width: 190 },
      { from: 'F', title: 'Files', unit: 'whole', width: 90 },
      { from: 'instance', title: 'Instance', width: 220 },
    ],
    queries: [
      { refId: 'A', expr: `max by (instance, source) (${select('claude_exporter_source_up')})` },
      { refId: 'B', expr: age('claude_exporter_sync_last_success_timestamp_seconds') },
      { refId: 'C', expr: age('claude_exporter_data_watermark_timestamp_seconds') },
      {
        refId: 'D',
        expr: `max by (instance, source) (${select('claude_exporter_sync_next_timestamp_seconds')}) * 1000`,
      },
      {
        refId: 'E',
        expr: `max by (instance, source) (${select('claude_exporter_data_settled_timestamp_seconds')}) * 1000`,
      },
      { refId: 'F', expr: `max by (instance, source) (${select('claude_exporter_session_files')})` },
    ],
  })
}

export function failures(select: Select) {
  return failuresByReason(select, {
    id: 11,
    title: 'Failed runs, by reason',
    description: 'Runs over a source that failed. What they missed is read by the next one.',
    width: 8,
    family: 'claude_exporter_sync_failures_total',
    bySource: true,
  })
}

export function runs(select: Select) {
  return seriesPanel({
    ...THIRD,
    id: 12,
    interval: '1h',
    title: 'Runs per hour',
    description:
      'Runs over each source begun in each hour or day, failed ones included; the last bar is the one so far.',
    unit: 'count',
    decimals: 0,
    min: 0,
    style: 'bars',
    stacking: 'sum',
    queries: [
      {
        refId: 'A',
        expr: `sum by (source) (${perBar(select('claude_exporter_syncs_total'))}) > 0`,
        legend: '{{source}}',
      },
    ],
  })
}

export function durations(select: Select) {
  const family = 'claude_exporter_sync_duration_seconds'
  const sum = (part: string) => `sum by (source) (${perBar(select(`${family}_${part}`))})`
  return seriesPanel({
    ...THIRD,
    id: 13,
    // Runs of slow sources are an hour apart.
    interval: '1h',
    title: 'Time a run takes',
    description: 'Mean duration of the successful runs over each source, in the hour that begins at each point.',
    unit: 'seconds',
    min: 0,
    points: true,
    queries: [{ refId: 'A', expr: ratio(sum('sum'), sum('count')), legend: '{{source}}' }],
  })
}

export function apiAge(select: Select) {
  const watermark = select('claude_exporter_data_watermark_timestamp_seconds')
  const threshold = atEnd(select('claude_alert_threshold', 'threshold="data_stale_seconds"'))
  return seriesPanel({
    ...THIRD,
    width: 12,
    id: 14,
    title: 'How late the newest data are',
    description:
      'Age of the newest data of each source. Of session logs it grows while nobody works; of organisations it is how ' +
      'late the provider is. An organisation above the dashed line raises an alert.',
    unit: 'seconds',
    min: 0,
    overrides: [dashed('/^alert/', COLORS.limit)],
    queries: [
      { refId: 'A', expr: `time() - max by (source) (${watermark})`, legend: '{{source}}' },
      { refId: 'B', expr: `max(${threshold})`, legend: 'alert, organisations' },
    ],
  })
}

export function linesRead(select: Select) {
  return seriesPanel({
    ...THIRD,
    width: 12,
    id: 15,
    title: 'Lines of session logs read per second',
    description: 'Lines of session logs that were read, with and without use.',
    unit: 'count',
    min: 0,
    queries: [
      {
        refId: 'A',
        expr: `sum by (source) (rate(${select('claude_exporter_lines_total')}[$__rate_interval]))`,
        legend: '{{source}}',
      },
    ],
  })
}
