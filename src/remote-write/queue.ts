import { MINUTE_MS } from '../core/time.ts'
import type { DropReason } from './reasons.ts'
import type { WriteRequest } from './requests.ts'

/** What waits for longer than this is thinned out to one moment in a slot. */
const THIN_AFTER_MS = 10 * MINUTE_MS
const SLOT_MS = 5 * MINUTE_MS

export interface QueuedRequest extends WriteRequest {
  /** Time of the samples, epoch milliseconds. */
  readonly at: number
  /** Whether sums would come out wrong without it: first values and ends of series. Values between them may be left out. */
  readonly isKey: boolean
}

export interface QueueLimits {
  readonly maxBytes: number
  readonly maxAgeMs: number
}

/** Requests that wait, in the order of time; the oldest go when there is no room. What is being sent is part of it. */
export interface RequestQueue {
  push(request: QueuedRequest, now: number): void
  /** Takes the oldest to be sent; null while there is none. */
  take(now: number): QueuedRequest | null
  /** Ends what was taken. */
  done(): void
  /** Drops what is left and tells how many samples those were. */
  clear(): number
  readonly bytes: number
  readonly length: number
}

/** @param dropped told of samples that will not be sent */
export function createQueue(
  limits: () => QueueLimits,
  dropped: (reason: DropReason, samples: number) => void,
): RequestQueue {
  let waiting: QueuedRequest[] = []
  let taken: QueuedRequest | null = null
  let bytes = 0

  function remove(reason: DropReason, isGone: (request: QueuedRequest) => boolean): void {
    const gone = waiting.filter(isGone)
    if (gone.length === 0) return
    const removed = new Set(gone)
    waiting = waiting.filter((request) => !removed.has(request))
    for (const { body } of gone) bytes -= body.length
    dropped(reason, sampleCount(gone))
  }

  function tidy(now: number): void {
    const { maxAgeMs, maxBytes } = limits()
    remove('age', ({ at }) => now - at > maxAgeMs)
    remove('thinned', isBetween(keptMoments(waiting, now), now))
    let over = bytes - maxBytes
    remove('size', (request) => {
      if (over <= 0 || request === waiting.at(-1)) return false
      over -= request.body.length
      return true
    })
  }

  return {
    push(request, now) {
      waiting.push(request)
      bytes += request.body.length
      tidy(now)
    },
    take(now) {
      tidy(now)
      taken = waiting.shift() ?? null
      return taken
    },
    done() {
      bytes -= taken?.body.length ?? 0
      taken = null
    },
    clear() {
      const samples = sampleCount(waiting)
      waiting = []
      bytes = taken?.body.length ?? 0
      return samples
    },
    get bytes() {
      return bytes
    },
    get length() {
      return waiting.length
    },
  }
}

/** The first moment of each slot stays: it is still the first when the next thinning comes. */
function keptMoments(waiting: readonly QueuedRequest[], now: number): ReadonlySet<number> {
  const firsts = new Map<number, number>()
  for (const { at, isKey } of waiting) {
    const slot = Math.floor(at / SLOT_MS)
    if (!isKey && now - at > THIN_AFTER_MS && !firsts.has(slot)) firsts.set(slot, at)
  }
  return new Set(firsts.values())
}

function isBetween(kept: ReadonlySet<number>, now: number): (request: QueuedRequest) => boolean {
  return ({ at, isKey }) => !isKey && now - at > THIN_AFTER_MS && !kept.has(at)
}

function sampleCount(requests: readonly QueuedRequest[]): number {
  return requests.reduce((sum, { samples }) => sum + samples, 0)
}
