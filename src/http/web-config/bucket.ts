import type { RateLimit } from './web-config.ts'

/** A token bucket, full at first. The returned function takes a token and says whether there was one. */
export function createBucket({ intervalMs, burst }: RateLimit, now: () => number): () => boolean {
  let tokens = burst
  let lastMs = now()
  return () => {
    const time = now()
    tokens = Math.min(burst, tokens + Math.max(0, time - lastMs) / intervalMs)
    lastMs = time
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
