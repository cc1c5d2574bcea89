import type { Collector, FamilyInfo } from './definition.ts'

interface HealthDefinition extends FamilyInfo {
  readonly labels: readonly string[]
  readonly collector: Collector
}

/** Families about the running exporter, whose values are counted as things happen instead of read from a snapshot. */
export const healthDefinitions = {
  buildInfo: {
    name: 'claude_exporter_build_info',
    type: 'gauge',
    help: 'Always 1: version, revision and branch the exporter was built from, and the Node.js it runs on.',
    unit: '',
    labels: ['version', 'revision', 'branch', 'nodeversion'],
    collector: 'exporter',
  },
  syncs: {
    name: 'claude_exporter_syncs_total',
    type: 'counter',
    help: 'Runs over a source begun since the exporter started, failed ones included.',
    unit: 'runs',
    labels: ['source'],
    collector: 'exporter',
  },
  syncFailures: {
    name: 'claude_exporter_sync_failures_total',
    type: 'counter',
    help: 'Runs over a source that failed since the exporter started, by reason. What they missed is read by the next.',
    unit: 'runs',
    labels: ['source', 'reason'],
    collector: 'exporter',
  },
  syncDuration: {
    name: 'claude_exporter_sync_duration_seconds',
    type: 'histogram',
    help: 'How long successful runs over a source took.',
    unit: 'seconds',
    labels: ['source'],
    collector: 'exporter',
  },
  reloadSuccessful: {
    name: 'claude_exporter_config_last_reload_successful',
    type: 'gauge',
    help: '1 when the configuration was accepted the last time it was read. At 0 the one before stays in force.',
    unit: '',
    labels: [],
    collector: 'exporter',
  },
  reloadTime: {
    name: 'claude_exporter_config_last_reload_success_timestamp_seconds',
    type: 'gauge',
    help: 'Unix time when the configuration in force was read.',
    unit: 'seconds',
    labels: [],
    collector: 'exporter',
  },
  apiRequests: {
    name: 'claude_exporter_api_requests_total',
    type: 'counter',
    help: "Requests sent to the API for an organization's usage, cost and directory since the exporter started, failed ones included.",
    unit: 'requests',
    labels: ['organization'],
    collector: 'exporter',
  },
  httpRequests: {
    name: 'claude_exporter_http_requests_total',
    type: 'counter',
    help: 'HTTP requests answered since the exporter started, by path (unknown ones as "other") and status.',
    unit: 'requests',
    labels: ['handler', 'code'],
    collector: 'exporter',
  },
  noticesSent: {
    name: 'claude_exporter_notices_sent_total',
    type: 'counter',
    help: 'Notices that the webhook of the configuration has taken since the exporter started; 0 without one.',
    unit: 'notices',
    labels: [],
    collector: 'exporter',
  },
  noticeFailures: {
    name: 'claude_exporter_notice_failures_total',
    type: 'counter',
    help: 'Requests to the webhook that failed since the exporter started, by reason. Their notices are sent again.',
    unit: 'requests',
    labels: ['reason'],
    collector: 'exporter',
  },
  reportsWritten: {
    name: 'claude_exporter_reports_written_total',
    type: 'counter',
    help: 'Reports of the configuration written by the clock since the exporter started, by format.',
    unit: 'reports',
    labels: ['format'],
    collector: 'exporter',
  },
  reportFailures: {
    name: 'claude_exporter_report_failures_total',
    type: 'counter',
    help: 'Reports that could not be written when they were due, since the exporter started, by format; the log says why.',
    unit: 'reports',
    labels: ['format'],
    collector: 'exporter',
  },
  remoteWriteSamples: {
    name: 'claude_exporter_remote_write_samples_total',
    type: 'counter',
    help: 'Samples that the receiver of remote write has taken since the exporter started. Absent without remote write.',
    unit: 'samples',
    labels: [],
    collector: 'exporter',
  },
  remoteWriteFailures: {
    name: 'claude_exporter_remote_write_failures_total',
    type: 'counter',
    help:
      'Requests of remote write that failed since the exporter started, by reason. They are sent again, but for those ' +
      'that were refused. Absent without remote write.',
    unit: 'requests',
    labels: ['reason'],
    collector: 'exporter',
  },
  remoteWriteDropped: {
    name: 'claude_exporter_remote_write_dropped_samples_total',
    type: 'counter',
    help:
      'Samples of remote write that were not sent since the exporter started, by reason. thinned: out of a long queue, ' +
      'between others that were sent. Absent without remote write.',
    unit: 'samples',
    labels: ['reason'],
    collector: 'exporter',
  },
  remoteWritePending: {
    name: 'claude_exporter_remote_write_pending_bytes',
    type: 'gauge',
    help: 'Compressed bytes of remote write that wait for the receiver. Absent without remote write.',
    unit: 'bytes',
    labels: [],
    collector: 'exporter',
  },
  remoteWriteSuccess: {
    name: 'claude_exporter_remote_write_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'Unix time when the receiver of remote write last took something. Absent before the first.',
    unit: 'seconds',
    labels: [],
    collector: 'exporter',
  },
  remoteWriteNewest: {
    name: 'claude_exporter_remote_write_newest_sent_timestamp_seconds',
    type: 'gauge',
    help: 'Unix time of the newest samples that the receiver of remote write has taken. Absent before the first.',
    unit: 'seconds',
    labels: [],
    collector: 'exporter',
  },
} as const satisfies Record<string, HealthDefinition>
