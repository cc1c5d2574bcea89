/** Cache writes of one response, by how long the entry lives. */
export interface CacheWrites {
  readonly fiveMinutes: number
  readonly oneHour: number
}

/**
 * Divides a total by the split beside it. Without a split everything counts as the five minute kind, as the client
 * itself prices it; a split that exceeds its total is cut, one without a total is the total.
 */
export function divideCacheWrites(total: number, fiveMinutes: number, oneHour: number): CacheWrites {
  if (total === 0) return { fiveMinutes, oneHour }
  const longLived = Math.min(oneHour, total)
  return { fiveMinutes: total - longLived, oneHour: longLived }
}
