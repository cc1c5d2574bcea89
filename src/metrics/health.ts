import type { DocumentFormat } from '../core/document-format.ts'
import { failureReasonsOf } from './failure-reasons.ts'
import type { Meters, MetersOptions } from './meters.ts'
import type { HealthFamily } from './prom-client-families.ts'

const EARLY_CHANGES_MAX = 1000

/**
 * Counts what the exporter does. prom-client takes long to load, so that waits until the families are first wanted;
 * what happened before is remembered until then.
 */
export class Health {
  readonly #options: MetersOptions
  readonly #reasonsOf: (source: string) => ReadonlySet<string>
  #meters: Meters | null = null
  #loading: Promise<Meters> | null = null
  #early: ((meters: Meters) => void)[] = []

  constructor(options: MetersOptions) {
    this.#options = options
    this.#reasonsOf = failureReasonsOf(options)
  }

  syncStarted(source: string): void {
    this.#record((meters) => meters.syncs.inc({ source }))
  }

  syncFinished(source: string, seconds: number): void {
    this.#record((meters) => meters.syncDuration.observe({ source }, seconds))
  }

  syncFailed(source: string, reason: string): void {
    const known = this.#reasonsOf(source).has(reason) ? reason : 'other'
    this.#record((meters) => meters.syncFailures.inc({ source, reason: known }))
  }

  /** Requests to the API of an organisation were sent. */
  apiRequests(organization: string, count: number): void {
    this.#record((meters) => meters.apiRequests.inc({ organization }, count))
  }

  noticesSent(notices: number): void {
    this.#record((meters) => meters.noticesSent.inc(notices))
  }

  noticeFailed(reason: string): void {
    const known = this.#options.noticeFailureReasons?.includes(reason) ? reason : 'other'
    this.#record((meters) => meters.noticeFailures.inc({ reason: known }))
  }

  reportWritten(format: DocumentFormat): void {
    this.#record((meters) => meters.reportsWritten.inc({ format }))
  }

  reportFailed(format: DocumentFormat): void {
    this.#record((meters) => meters.reportFailures.inc({ format }))
  }

  /** From now on what is counted of remote write is shown. */
  remoteWriteBegan(): void {
    this.#record((meters) => void meters.remoteWrite())
  }

  /** A request was taken. Times in epoch milliseconds; `newest` is that of its samples. */
  remoteWriteSent({ samples, newest, now }: { samples: number; newest: number; now: number }): void {
    this.#record((meters) => {
      meters.remoteWrite().samples.inc(samples)
      meters.remoteWrite().setSent(now, newest)
    })
  }

  /** The reasons of both must be those of the options. */
  remoteWriteFailed(reason: string): void {
    this.#record((meters) => meters.remoteWrite().failures.inc({ reason }))
  }

  remoteWriteDropped(reason: string, samples: number): void {
    this.#record((meters) => meters.remoteWrite().dropped.inc({ reason }, samples))
  }

  remoteWritePending(bytes: number): void {
    this.#record((meters) => meters.remoteWrite().pending.set(bytes))
  }

  /** `now` in epoch milliseconds. */
  reloaded(ok: boolean, now: number): void {
    this.#record((meters) => meters.setReload(ok, now))
  }

  /** `handler` must come from a closed list: it is a label value. */
  served(handler: string, status: number): void {
    this.#record((meters) => meters.httpRequests.inc({ handler, code: String(status) }))
  }

  /** Current values, the process metrics included, sorted by name. */
  async families(): Promise<readonly HealthFamily[]> {
    const meters = await this.load()
    return meters.families()
  }

  /** Loads prom-client ahead of the first scrape. */
  load(): Promise<Meters> {
    this.#loading ??= import('./meters.ts').then(({ createMeters }) => {
      const meters = createMeters(this.#options)
      for (const change of this.#early) change(meters)
      this.#early = []
      this.#meters = meters
      return meters
    })
    return this.#loading
  }

  #record(change: (meters: Meters) => void): void {
    if (this.#meters !== null) {
      change(this.#meters)
      return
    }
    this.#early.push(change)
    if (this.#early.length >= EARLY_CHANGES_MAX) void this.load()
  }
}
