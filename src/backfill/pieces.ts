import { setImmediate as nextTurn } from 'node:timers/promises'
import { DAY_MS } from '../core/time.ts'
import { startOfUtcDay } from './instants.ts'

const PIECE_MS = 7 * DAY_MS

/** What is read at once: whole UTC days, epoch milliseconds, from inclusive, to exclusive. */
export interface Piece {
  readonly from: number
  readonly to: number
}

/**
 * Reads history as a clock comes to it, in pieces of whole UTC days, so that years are never in memory at once. The
 * function it gives reads at least all before the instant it is called with.
 */
export function inPieces(from: number, read: (piece: Piece) => Promise<void>): (before: number) => Promise<void> {
  let next = startOfUtcDay(from)
  return async (before) => {
    while (next < before) {
      const to = next + PIECE_MS
      await read({ from: next, to })
      next = to
      // Reading does not wait for anything: whoever waits for the program gets a turn here.
      await nextTurn()
    }
  }
}
