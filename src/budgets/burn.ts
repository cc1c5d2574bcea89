import type { Amounts } from './amounts.ts'
import { type DataState, isKnownSince } from './data-state.ts'
import { ratioOf } from './ratio.ts'

export interface BurnInput {
  readonly amounts: Amounts
  readonly data: DataState
  readonly now: number
  readonly limit: bigint
  /** Length of the running period, milliseconds. */
  readonly periodMs: number
  /** Width of the slots that the amounts are kept in, milliseconds. */
  readonly slotMs: number
}

/**
 * Spending within the last `windowMs` before the data end, as a multiple of even spending over the period. The slot that
 * the window begins in counts for the part of it that lies in the window. Null where the data do not reach back so far,
 * and where a slot is longer than the window.
 */
export function burnRate(input: BurnInput, windowMs: number): number | null {
  const { amounts, data, now, limit, periodMs, slotMs } = input
  const end = Math.floor(Math.min(now, data.to ?? now))
  const start = end - windowMs
  if (!isKnownSince(data, start, now) || slotMs > windowMs) return null
  const slot = Math.floor(start / slotMs) * slotMs
  const whole = amounts.sum(start, end === now ? now + 1 : end)
  const cut = amounts.sum(slot, start)
  const inWindow = whole * BigInt(slotMs) + cut * BigInt(slot + slotMs - start)
  return ratioOf(inWindow * BigInt(periodMs), limit * BigInt(windowMs) * BigInt(slotMs))
}
