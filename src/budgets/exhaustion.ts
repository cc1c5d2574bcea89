import type { Amounts } from './amounts.ts'

/**
 * When the sum since `from` reached the limit: the end of the slot that made it so, but not after `now`. The sum up to
 * and including `now` has reached it.
 */
export function reachedAt(amounts: Amounts, from: number, now: number, limit: bigint, slotMs: number): number {
  let below = from
  let reached = now + 1
  while (reached - below > 1) {
    const middle = Math.floor((below + reached) / 2)
    if (amounts.sum(from, middle) >= limit) reached = middle
    else below = middle
  }
  return Math.min(reached - 1 + slotMs, now)
}
