import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { DOCUMENT_FORMATS } from '../core/document-format.ts'
import { failureReasonsOf } from './failure-reasons.ts'
import { healthDefinitions } from './health-definitions.ts'
import { familiesOfRegistry, type HealthFamily } from './prom-client-families.ts'
import {
  createRemoteWriteMeters,
  type RemoteWriteMeters,
  type RemoteWriteMetersOptions,
} from './remote-write-meters.ts'

const SYNC_DURATION_BUCKETS_SECONDS = [0.01, 0.05, 0.25, 1, 5, 30, 120, 600]

/** Gauges whose names end like those of counters, which `promtool check metrics` refuses. */
const MISNAMED_DEFAULTS = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

export interface MetersOptions {
  readonly build: { readonly version: string; readonly revision: string; readonly branch: string }
  /** Sources that can be synced; their counters begin at 0. */
  readonly sources: readonly string[]
  /** Sources among them, or beside them, that are reports of organisations: they fail for the reasons of SYNC_FAILURES. */
  readonly apiSources?: readonly string[]
  /** Organisations whose API is asked; their counters begin at 0. */
  readonly organizations?: readonly string[]
  /** Closed list of what can make the sync of any other source fail; anything else is counted as `other`. */
  readonly failureReasons: readonly string[]
  /** Closed list of what can make a request to the webhook fail; anything else is counted as `other`. */
  readonly noticeFailureReasons?: readonly string[]
  /** Closed lists of why remote write can fail. */
  readonly remoteWrite?: RemoteWriteMetersOptions
  /** Whether to tell about the Node.js process: memory, CPU time, event loop, garbage collection. */
  readonly processMetrics: boolean
  /** When the configuration was read, epoch milliseconds. */
  readonly startedAt: number
}

export interface Meters {
  readonly syncs: Counter<'source'>
  readonly syncFailures: Counter<'source' | 'reason'>
  readonly syncDuration: Histogram<'source'>
  readonly apiRequests: Counter<'organization'>
  readonly httpRequests: Counter<'handler' | 'code'>
  readonly noticesSent: Counter
  readonly noticeFailures: Counter<'reason'>
  readonly reportsWritten: Counter<'format'>
  readonly reportFailures: Counter<'format'>
  /** Made when it is first asked for: who does not use it need not see it. */
  remoteWrite(): RemoteWriteMeters
  setReload(ok: boolean, now: number): void
  families(): Promise<readonly HealthFamily[]>
}

/** The prom-client metrics, in a registry of their own, with every series that can be foreseen at 0. */
export function createMeters(meterOptions: MetersOptions): Meters {
  const { build, sources, apiSources = [], organizations = [], processMetrics, startedAt } = meterOptions
  const { noticeFailureReasons = [] } = meterOptions
  const registry = new Registry()
  const registers = [registry]
  if (processMetrics) {
    collectDefaultMetrics({ register: registry })
    for (const name of MISNAMED_DEFAULTS) registry.removeSingleMetric(name)
  }

  const syncs = new Counter({ ...options('syncs'), labelNames: ['source'], registers })
  const syncFailures = new Counter({ ...options('syncFailures'), labelNames: ['source', 'reason'], registers })
  const syncDuration = new Histogram({
    ...options('syncDuration'),
    labelNames: ['source'],
    buckets: SYNC_DURATION_BUCKETS_SECONDS,
    registers,
  })
  const apiRequests = new Counter({ ...options('apiRequests'), labelNames: ['organization'], registers })
  const httpRequests = new Counter({ ...options('httpRequests'), labelNames: ['handler', 'code'], registers })
  const noticesSent = new Counter({ ...options('noticesSent'), registers })
  const noticeFailures = new Counter({ ...options('noticeFailures'), labelNames: ['reason'], registers })
  const reportsWritten = new Counter({ ...options('reportsWritten'), labelNames: ['format'], registers })
  const reportFailures = new Counter({ ...options('reportFailures'), labelNames: ['format'], registers })
  const reloadSuccessful = new Gauge({ ...options('reloadSuccessful'), registers })
  const reloadTime = new Gauge({ ...options('reloadTime'), registers })
  const buildInfo = new Gauge({ ...options('buildInfo'), labelNames: healthDefinitions.buildInfo.labels, registers })

  const reasonsOf = failureReasonsOf(meterOptions)
  for (const source of new Set([...sources, ...apiSources])) {
    syncs.inc({ source }, 0)
    syncDuration.zero({ source })
    for (const reason of reasonsOf(source)) syncFailures.inc({ source, reason }, 0)
  }
  for (const organization of organizations) apiRequests.inc({ organization }, 0)
  for (const reason of [...noticeFailureReasons, 'other']) noticeFailures.inc({ reason }, 0)
  for (const format of DOCUMENT_FORMATS) {
    reportsWritten.inc({ format }, 0)
    reportFailures.inc({ format }, 0)
  }
  buildInfo.set({ ...build, nodeversion: process.version }, 1)

  function setReload(ok: boolean, now: number): void {
    reloadSuccessful.set(ok ? 1 : 0)
    if (ok) reloadTime.set(now / 1000)
  }
  setReload(true, startedAt)
  let remoteWrite: RemoteWriteMeters | null = null

  return {
    syncs,
    syncFailures,
    syncDuration,
    apiRequests,
    httpRequests,
    noticesSent,
    noticeFailures,
    reportsWritten,
    reportFailures,
    remoteWrite() {
      remoteWrite ??= createRemoteWriteMeters(
        registry,
        meterOptions.remoteWrite ?? { failureReasons: [], dropReasons: [] },
      )
      return remoteWrite
    },
    setReload,
    families: () => familiesOfRegistry(registry),
  }
}

function options(key: keyof typeof healthDefinitions): { readonly name: string; readonly help: string } {
  const { name, help } = healthDefinitions[key]
  return { name, help }
}
