import { giveWay } from './turns.ts'

/** Longest stretch of work before everything else that waits gets its turn. */
const STRETCH_MS = 10

/** Keeps long work from holding up the event loop: ask `isDue` between small pieces, then `await pause()`. */
export class Breather {
  #since = performance.now()

  get isDue(): boolean {
    return performance.now() - this.#since >= STRETCH_MS
  }

  async pause(): Promise<void> {
    await giveWay()
    this.#since = performance.now()
  }
}
