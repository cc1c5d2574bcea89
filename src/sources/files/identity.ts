import type { SourceName } from '../../core/usage.ts'
import type { FileFacts } from './file-facts.ts'

/**
 * Clocks of file systems move in steps of up to 10 ms: what changed within the same step as it was looked at can change
 * once more without a new modification time.
 */
const CLOCK_STEP_MS = 15

export function streamOf(source: SourceName, { identity }: FileFacts): string {
  return `${source}:${identity}`
}

/** Equal stamps of one file mean equal content, see `provenStamp`. */
export function stampOf({ size, modifiedMs }: FileFacts): string {
  return `${size}-${modifiedMs}`
}

/** The stamp to remember at a look; `''`, which equals no stamp, for a file that has only just been written. */
export function provenStamp(facts: FileFacts, nowMs: number): string {
  return isStill(facts, CLOCK_STEP_MS, nowMs) ? stampOf(facts) : ''
}

/** The modification time to remember of a folder; -1, which equals none, for one that has only just changed. */
export function provenTime(modifiedMs: number, nowMs: number): number {
  return isStill({ modifiedMs }, CLOCK_STEP_MS, nowMs) ? modifiedMs : -1
}

/** True when the last change is that long ago. A time in the future, from another clock, counts by its distance. */
export function isStill({ modifiedMs }: Pick<FileFacts, 'modifiedMs'>, forMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - modifiedMs) >= forMs
}
