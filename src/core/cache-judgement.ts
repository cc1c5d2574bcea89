export interface Judgement {
  readonly word: 'very good' | 'good' | 'fair' | 'poor'
  /** What it means, as a clause. */
  readonly meaning: string
}

const MISSES = 'pauses longer than the cache lives (5 minutes or 1 hour) and changes early in the prompt cause that'

/** What to think of a cache hit ratio (0 to 1) of an agent that sends its whole conversation with every request. */
export function judgeCacheHits(ratio: number): Judgement {
  if (ratio >= 0.9) return { word: 'very good', meaning: 'nearly all of each prompt is read from the cache' }
  if (ratio >= 0.75) return { word: 'good', meaning: 'most of each prompt is read from the cache' }
  if (ratio >= 0.5) return { word: 'fair', meaning: `much of each prompt is paid for in full: ${MISSES}` }
  return { word: 'poor', meaning: `most of each prompt is paid for in full: ${MISSES}` }
}
