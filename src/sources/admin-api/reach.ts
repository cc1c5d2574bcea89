import type { BucketWidth, Generation } from '../../core/organization.ts'
import { DAY_MS } from '../../core/time.ts'
import type { Reach } from './admin-api.ts'

const ANALYTICS_BEGINNING = Date.UTC(2026, 0, 1)

/** A window is stored in one transaction, which holds up everything else: a week of hours is short enough. */
const HOURLY_RANGE = 7 * DAY_MS

/** The API's own limits are a day of minutes and 31 days of the others. */
const ANALYTICS_RANGE: Readonly<Record<BucketWidth, number>> = { '1m': DAY_MS, '1h': HOURLY_RANGE, '1d': 31 * DAY_MS }

// The old endpoints state no longest range. What one page holds is kind; only days go over several pages.
const LEGACY_RANGE: Readonly<Record<BucketWidth, number>> = { '1m': DAY_MS, '1h': HOURLY_RANGE, '1d': 12 * 31 * DAY_MS }

/** What a generation can be asked for at once. `now` in epoch milliseconds. */
export function reach(generation: Generation, width: BucketWidth, now: number): Reach {
  if (generation === 'legacy') return { maxRangeMs: LEGACY_RANGE[width], earliest: 0 }
  const earliest = Math.max(ANALYTICS_BEGINNING, now - 365 * DAY_MS)
  return { maxRangeMs: ANALYTICS_RANGE[width], earliest: Math.ceil(earliest / DAY_MS) * DAY_MS }
}
