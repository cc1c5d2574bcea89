import type { Part } from './instants.ts'

/** The points in time that samples are written for, ascending. */
export interface Grid {
  /** Epoch milliseconds. */
  readonly times: readonly number[]
  /** The same as ends of lines: seconds and a line feed. */
  readonly stamps: readonly string[]
}

/** Multiples of the step since the epoch, and the ends of the whole range where these are none. */
export function gridOf({ from, to, isLast }: Part, stepMs: number): Grid {
  const times: number[] = []
  const firstAligned = Math.ceil(from / stepMs) * stepMs
  if (from < Math.min(firstAligned, to)) times.push(from)
  for (let time = firstAligned; time < to; time += stepMs) times.push(time)
  if (isLast) times.push(to)
  return { times, stamps: times.map((time) => `${time / 1000}\n`) }
}

/** Index of the first point at or after the instant; the number of points where there is none. */
export function indexAt({ times }: Grid, instant: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] ?? 0) < instant) low = middle + 1
    else high = middle
  }
  return low
}
