import { describe, expect, it } from 'vitest'
import { createQueue, type QueuedRequest, type RequestQueue } from '../../src/remote-write/queue.ts'

const MINUTE_MS = 60_000
const START = Date.UTC(2026, 10, 22, 12)

describe('createQueue', () => {
  it('gives the oldest first', () => {
    const { queue } = filled([0, 1, 2])
    expect(taken(queue, 2)).toEqual([0, 1, 2])
    expect(queue.take(START)).toBeNull()
  })

  it('drops what is too old, whatever it is', () => {
    const { queue, drops } = filled([0, 1, 2, 3], { maxAgeMs: 2 * MINUTE_MS, isKey: (minute) => minute === 0 })
    expect(taken(queue, 4)).toEqual([2, 3])
    expect(drops).toEqual({ age: 20 })
  })

  it('thins out what has waited for more than 10 minutes to one moment in 5', () => {
    const minutes = Array.from({ length: 31 }, (_, minute) => minute)
    const { queue, drops } = filled(minutes)
    expect(taken(queue, 30)).toEqual([0, 5, 10, 15, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30])
    expect(drops).toEqual({ thinned: 160 })
  })

  it('never thins out first values and ends of series, which sums need', () => {
    const minutes = Array.from({ length: 31 }, (_, minute) => minute)
    const { queue } = filled(minutes, { isKey: (minute) => minute === 7 || minute === 13 })
    expect(taken(queue, 30).slice(0, 6)).toEqual([0, 5, 7, 10, 13, 15])
  })

  it('keeps all requests of a moment or none', () => {
    const { queue, drops } = filled([0, 0, 0, 1, 1, 12])
    expect(taken(queue, 12)).toEqual([0, 0, 0, 12])
    expect(drops).toEqual({ thinned: 20 })
  })

  it('keeps the newest where there is no room for all', () => {
    const { queue, drops } = filled([0, 1, 2, 3], { maxBytes: 250 })
    expect(queue.bytes).toBe(200)
    expect(taken(queue, 3)).toEqual([2, 3])
    expect(drops).toEqual({ size: 20 })
    expect(queue.bytes).toBe(0)
  })

  it('keeps the newest alone where even that is too much', () => {
    const { queue } = filled([0, 1], { maxBytes: 50 })
    expect(taken(queue, 1)).toEqual([1])
  })

  it('counts what is being sent, and never takes it away', () => {
    const { queue, push } = filled([0])
    expect(queue.take(START)).toMatchObject({ at: START })
    expect([queue.bytes, queue.length]).toEqual([100, 0])
    push(1)
    expect(queue.clear()).toBe(10)
    expect(queue.bytes).toBe(100)
    queue.done()
    expect(queue.bytes).toBe(0)
  })
})

interface Given {
  readonly maxAgeMs?: number
  readonly maxBytes?: number
  readonly isKey?: (minute: number) => boolean
}

/** A queue into which a request of 100 bytes and 10 samples was put in each of the minutes. */
function filled(minutes: readonly number[], given: Given = {}) {
  const { maxAgeMs = 120 * MINUTE_MS, maxBytes = 1e6, isKey = () => false } = given
  const drops: Record<string, number> = {}
  const queue = createQueue(
    () => ({ maxAgeMs, maxBytes }),
    (reason, samples) => {
      drops[reason] = (drops[reason] ?? 0) + samples
    },
  )
  const push = (minute: number) => {
    const at = START + minute * MINUTE_MS
    queue.push({ body: new Uint8Array(100), samples: 10, at, isKey: isKey(minute) }, at)
  }
  for (const minute of minutes) push(minute)
  return { queue, drops, push }
}

/** The minutes of everything in the queue, taken at that minute. */
function taken(queue: RequestQueue, minute: number): number[] {
  const result: number[] = []
  for (;;) {
    const request: QueuedRequest | null = queue.take(START + minute * MINUTE_MS)
    if (request === null) return result
    result.push((request.at - START) / MINUTE_MS)
    queue.done()
  }
}
