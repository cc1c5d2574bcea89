import { setImmediate as nextTurn } from 'node:timers/promises'

/** A turn of the event loop in which nobody had anything to do takes less. */
const QUIET_MS = 0.1
/** Longest time that everybody else has in a row. */
const OTHERS_MS = 50

/**
 * Lets everybody else have their turn, which is more than one turn of the event loop: it takes one new connection in each,
 * so that many clients at once would wait for as many pieces of the work that gives way here. Nobody makes it wait for
 * longer than a moment.
 */
export async function giveWay(): Promise<void> {
  const begin = performance.now()
  for (let start = begin; ; ) {
    await nextTurn()
    const end = performance.now()
    if (end - start < QUIET_MS || end - begin > OTHERS_MS) return
    start = end
  }
}
