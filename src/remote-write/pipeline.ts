import { isDeepStrictEqual } from 'node:util'
import { MINUTE_MS } from '../core/time.ts'
import { Breather } from '../lib/breather.ts'
import { giveWay } from '../lib/turns.ts'
import { waited } from '../lib/wait.ts'
import type { Family } from '../metrics/render/family.ts'
import { createClient } from './client.ts'
import type { Destination } from './destination.ts'
import { createQueue } from './queue.ts'
import { metadataRequest, requestsOf } from './requests.ts'
import { createSender } from './sender.ts'
import { createSeriesTracker } from './series-tracker.ts'
import { encodeSeries, type SeriesSample } from './write-request.ts'
import type { WriterParts } from './writer.ts'

/** Most that waits, compressed: hours of a machine with thousands of series. */
const MAX_PENDING_BYTES = 16 * 1_048_576
/** Receivers forget what a family is when nobody tells them for some minutes. */
const METADATA_EVERY_MS = 5 * MINUTE_MS

/** Everything between the families and one URL. */
export interface Pipeline {
  /** Takes over settings; the URL must be the same. */
  configure(next: Destination): void
  /** Takes last values, ends all series and sends what there is, for no longer than this. */
  stop(limitMs: number): Promise<void>
}

/** Takes a moment of all families in every interval, and sends them in the background. */
export function createPipeline(first: Destination, parts: Required<WriterParts>): Pipeline {
  const { families, clock, logger, health, chance } = parts
  let destination = first
  let labels = first.externalLabels
  let tracker = createSeriesTracker(labels)
  let checkedDrop: ReadonlySet<string> | null = null
  /** Time of the newest samples, epoch milliseconds. */
  let newest = Number.NEGATIVE_INFINITY
  let metadataAt = Number.NEGATIVE_INFINITY
  let nap = new AbortController()
  const ended = new AbortController()
  const client = createClient()
  const queue = createQueue(
    () => ({ maxBytes: MAX_PENDING_BYTES, maxAgeMs: destination.maxAgeMs }),
    (reason, samples) => health.remoteWriteDropped(reason, samples),
  )
  const sender = createSender({ ...parts, queue, client, destination: () => destination })
  const following = follow()

  async function follow(): Promise<void> {
    // Machines that start together do not send together.
    for (let share = 1 - chance() / 2; !ended.signal.aborted; share = 1) {
      const begin = performance.now()
      await take(clock.now())
      const wait = destination.intervalMs * share - (performance.now() - begin)
      if (!ended.signal.aborted) await waited(Math.max(0, wait), nap.signal)
    }
  }

  async function take(now: number): Promise<void> {
    // A clock that was set back: receivers refuse what is older than what they have.
    if (now <= newest && newest - now < destination.maxAgeMs) {
      logger.warn('the clock went back; remote write waits until it has caught up', { seconds: (newest - now) / 1_000 })
      return
    }
    let all: readonly Family[]
    try {
      all = await families()
    } catch (error) {
      health.remoteWriteFailed('internal')
      logger.error('the values for remote write could not be taken', { err: error })
      return
    }
    warnOfUnknownDrops(all)
    const sent = all.filter(({ name, lines }) => lines.length > 0 && !destination.drop.has(name))
    const leftOver = endsOfOtherLabels()
    const { begun, continued, ended: gone } = await tracker.next(sent)
    newest = now
    if (queue.length === 0 && now - metadataAt >= METADATA_EVERY_MS) {
      metadataAt = now
      queue.push({ ...metadataRequest(sent), at: now, isKey: false }, now)
    }
    await put([...begun, ...gone, ...leftOver], now, true)
    await put(continued, now, false)
  }

  /** Once for each configuration. */
  function warnOfUnknownDrops(all: readonly Family[]): void {
    if (checkedDrop === destination.drop) return
    checkedDrop = destination.drop
    const names = new Set(all.map(({ name }) => name))
    const unknown = [...destination.drop].filter((name) => !names.has(name))
    if (unknown.length === 0) return
    const fix = 'Name metrics as prometheus/metrics.md does, without _bucket, _sum and _count.'
    logger.warn('remote_write.drop names metrics that are not there', { names: unknown.join(', '), fix })
  }

  /** Ends of the series that had other labels than those of now. */
  function endsOfOtherLabels(): readonly SeriesSample[] {
    if (isDeepStrictEqual(labels, destination.externalLabels)) return []
    const ends = tracker.endAll()
    labels = destination.externalLabels
    tracker = createSeriesTracker(labels)
    return ends
  }

  async function put(samples: readonly SeriesSample[], at: number, isKey: boolean): Promise<void> {
    const breather = new Breather()
    const series: Uint8Array[] = []
    for (const sample of samples) {
      series.push(encodeSeries(sample, at))
      if (breather.isDue) await breather.pause()
    }
    for (const request of requestsOf(series)) {
      queue.push({ ...request, at, isKey }, at)
      health.remoteWritePending(queue.bytes)
      sender.wake()
      await giveWay()
    }
  }

  return {
    configure(next) {
      destination = next
      nap.abort()
      nap = new AbortController()
      sender.retryNow()
    },
    async stop(limitMs) {
      const limit = new AbortController()
      const timer = setTimeout(() => limit.abort(), limitMs)
      ended.abort()
      nap.abort()
      await before(limit.signal, following)
      const now = Math.max(clock.now(), newest + 1)
      await before(limit.signal, take(now))
      await put(tracker.endAll(), now + 1, true)
      await sender.finish(limit.signal)
      clearTimeout(timer)
      client.close()
    },
  }
}

/** Waits for work, but no longer than until the signal. */
function before(limit: AbortSignal, work: Promise<void>): Promise<unknown> {
  if (limit.aborted) return Promise.resolve()
  return Promise.race([work, new Promise((resolve) => limit.addEventListener('abort', resolve, { once: true }))])
}
