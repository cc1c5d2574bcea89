import type { Hop } from './hop.ts'

/** The first hop that failed, in the order of the way: what fails behind it may follow from it. */
export function firstBroken(hops: readonly Hop[]): Hop | null {
  return hops.find(({ state }) => state === 'failed') ?? null
}
