import { seriesPanel } from '../../lib/panels.ts'
import { perBar, type Select } from '../../lib/select.ts'

const QUARTER = { width: 6, height: 7 } as const
const THIRD = { width: 8, height: 7 } as const
const OURS = 'and on (job, instance)'

export function scrape(select: Select) {
  return ours(select, {
    id: 40,
    title: 'Time a scrape takes',
    description: 'How long Prometheus waits for the answer to a scrape.',
    unit: 'seconds',
    expr: select('scrape_duration_seconds'),
  })
}

export function cpu(select: Select) {
  return ours(select, {
    id: 41,
    title: 'Processor',
    description: 'Share of one processor core.',
    unit: 'ratio',
    expr: `rate(${select('process_cpu_seconds_total')}[$__rate_interval])`,
  })
}

export function memory(select: Select) {
  return ours(select, {
    id: 42,
    title: 'Memory',
    description: 'Resident memory of the process of the exporter.',
    unit: 'bytes',
    expr: select('process_resident_memory_bytes'),
  })
}

export function eventLoop(select: Select) {
  return ours(select, {
    id: 43,
    title: 'Event loop lag',
    description: '99 of 100 turns of the event loop were late by less than this.',
    unit: 'seconds',
    expr: select('nodejs_eventloop_lag_p99_seconds'),
  })
}

export function httpRequests(select: Select) {
  return seriesPanel({
    ...THIRD,
    id: 44,
    title: 'HTTP requests, by path and status',
    description: 'Requests answered per minute.',
    unit: 'perMinute',
    min: 0,
    queries: [
      {
        refId: 'A',
        expr: `sum by (handler, code) (rate(${select('claude_exporter_http_requests_total')}[$__rate_interval])) * 60`,
        legend: '{{handler}} {{code}}',
      },
    ],
  })
}

export function apiRequests(select: Select) {
  return seriesPanel({
    ...THIRD,
    id: 45,
    title: "Requests to organisations' APIs",
    description: 'Requests sent per minute, failed ones included. Nothing without an organisation.',
    unit: 'perMinute',
    min: 0,
    queries: [
      {
        refId: 'A',
        expr: `sum by (organization) (rate(${select('claude_exporter_api_requests_total')}[$__rate_interval])) * 60`,
        legend: '{{organization}}',
      },
    ],
  })
}

export function notices(select: Select) {
  return seriesPanel({
    ...THIRD,
    id: 46,
    title: 'Notices and reports',
    description:
      'Notices that the built-in webhook took and requests to it that failed; reports of the configuration that were written and that could not be. A bar each 5 minutes or more.',
    unit: 'count',
    min: 0,
    interval: '5m',
    style: 'bars',
    queries: [
      {
        refId: 'A',
        expr: `sum(${perBar(select('claude_exporter_notices_sent_total'))})`,
        legend: 'notices sent',
      },
      {
        refId: 'B',
        expr: `sum(${perBar(select('claude_exporter_notice_failures_total'))})`,
        legend: 'notices failed',
      },
      {
        refId: 'C',
        expr: `sum(${perBar(select('claude_exporter_reports_written_total'))})`,
        legend: 'reports written',
      },
      {
        refId: 'D',
        expr: `sum(${perBar(select('claude_exporter_report_failures_total'))})`,
        legend: 'reports failed',
      },
    ],
  })
}

interface OfProcess {
  readonly id: number
  readonly title: string
  readonly description: string
  readonly unit: 'seconds' | 'ratio' | 'bytes'
  readonly expr: string
}

/** Families that every program has: only of the targets that are exporters. */
function ours(select: Select, { expr, ...panel }: OfProcess) {
  return seriesPanel({
    ...QUARTER,
    ...panel,
    min: 0,
    queries: [{ refId: 'A', expr: `${expr} ${OURS} ${select('claude_exporter_build_info')}`, legend: '{{instance}}' }],
  })
}
