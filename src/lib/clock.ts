/** Where the time comes from. Whatever decides takes `now` as an argument; only the edges hold a clock. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }
