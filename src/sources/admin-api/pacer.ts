import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { MINUTE_MS } from '../../core/time.ts'

/** Waits for the turn of the next request; rejects when the signal aborts. */
export type Pacer = (signal: AbortSignal) => Promise<void>

/** Lets `perMinute` requests begin within any minute; 0 for no limit. */
export function createPacer(perMinute: number): Pacer {
  const turns: number[] = []
  return async (signal) => {
    if (perMinute <= 0) return
    const now = performance.now()
    const before = turns.at(-perMinute)
    const turn = before === undefined ? now : Math.max(now, before + MINUTE_MS)
    turns.push(turn)
    if (turns.length > 2 * perMinute) turns.splice(0, turns.length - perMinute)
    if (turn <= now) return
    try {
      await sleep(turn - now, undefined, { signal })
    } catch (error) {
      const index = turns.indexOf(turn)
      if (index >= 0) turns.splice(index, 1)
      throw error
    }
  }
}
