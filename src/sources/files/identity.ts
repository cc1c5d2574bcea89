import type { BigIntStats } from 'node:fs'
import type { SourceName } from '../../core/usage.ts'

/**
 * Clocks of file systems move in steps of up to 10 ms: a file written within the same step as it was looked at can
 * change once more without a new modification time.
 */
const CLOCK_STEP_MS = 15

/** Names a file by device and inode, which stay when it is renamed. Both exceed 2^53 on some systems. */
export function streamOf(source: SourceName, stats: BigIntStats): string {
  return `${source}:${stats.dev}:${stats.ino}`
}

/** Equal stamps of one file mean equal content, see `provenStamp`. */
export function stampOf(stats: BigIntStats): string {
  return `${stats.size}-${stats.mtimeNs}`
}

/** The stamp to remember at a look; `''`, which equals no stamp, for a file that has only just been written. */
export function provenStamp(stats: BigIntStats, nowMs: number): string {
  return isStill(stats, CLOCK_STEP_MS, nowMs) ? stampOf(stats) : ''
}

/** True when the last change is that long ago. A time in the future, from another clock, counts by its distance. */
export function isStill(stats: BigIntStats, forMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - Number(stats.mtimeMs)) >= forMs
}
