/** A file that changed this recently is likely to change again soon. */
const HOT_MS = 15 * 60_000

export interface PollTick {
  /** Counts up by one each time. */
  readonly tick: number
  readonly ticksPerRound: number
  readonly nowMs: number
}

/** How many ticks it takes until everything has had its turn. */
export function ticksPerRound(pollColdMs: number, pollHotMs: number): number {
  return Math.max(1, Math.round(pollColdMs / pollHotMs))
}

/**
 * True when it is the turn of the thing with this place in the row. All have their turn once in a round, about equally
 * many in each tick, so that looking at many files never comes in bursts.
 */
export function isTurn(index: number, { tick, ticksPerRound }: PollTick): boolean {
  return index % ticksPerRound === tick % ticksPerRound
}

/** True for what changed lately: it is looked at in every tick. */
export function isHot(changedMs: number, { nowMs }: PollTick): boolean {
  return nowMs - changedMs < HOT_MS
}
