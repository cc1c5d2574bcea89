import { Counter, Gauge, type Registry } from 'prom-client'
import { healthDefinitions } from './health-definitions.ts'

export interface RemoteWriteMetersOptions {
  /** Closed lists of label values. */
  readonly failureReasons: readonly string[]
  readonly dropReasons: readonly string[]
}

export interface RemoteWriteMeters {
  readonly samples: Counter
  readonly failures: Counter<'reason'>
  readonly dropped: Counter<'reason'>
  readonly pending: Gauge
  /** A request was taken: when, and of what time its samples are, epoch milliseconds. */
  setSent(now: number, newest: number): void
}

/** The metrics of remote write, every series that can be foreseen at 0. */
export function createRemoteWriteMeters(
  registry: Registry,
  { failureReasons, dropReasons }: RemoteWriteMetersOptions,
): RemoteWriteMeters {
  const registers = [registry]
  const samples = new Counter({ ...options('remoteWriteSamples'), registers })
  const failures = new Counter({ ...options('remoteWriteFailures'), labelNames: ['reason'], registers })
  const dropped = new Counter({ ...options('remoteWriteDropped'), labelNames: ['reason'], registers })
  const pending = new Gauge({ ...options('remoteWritePending'), registers })
  for (const reason of failureReasons) failures.inc({ reason }, 0)
  for (const reason of dropReasons) dropped.inc({ reason }, 0)
  let times: { readonly success: Gauge; readonly newest: Gauge } | null = null
  return {
    samples,
    failures,
    dropped,
    pending,
    setSent(now, newest) {
      // A gauge without labels is 0 from the moment it exists, and 0 is a time, too.
      times ??= {
        success: new Gauge({ ...options('remoteWriteSuccess'), registers }),
        newest: new Gauge({ ...options('remoteWriteNewest'), registers }),
      }
      times.success.set(now / 1_000)
      times.newest.set(newest / 1_000)
    },
  }
}

function options(key: keyof typeof healthDefinitions): { readonly name: string; readonly help: string } {
  const { name, help } = healthDefinitions[key]
  return { name, help }
}
