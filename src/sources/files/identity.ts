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

/** Equal stamps of one file mean equal content; `''` for a file that has only just been written. */
export function stampOf(stats: BigIntStats, nowMs: number): string {
  return Math.abs(nowMs - Number(stats.mtimeMs)) < CLOCK_STEP_MS ? '' : `${stats.size}-${stats.mtimeNs}`
}
