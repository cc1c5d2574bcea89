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
 * Those in the row whose turn it is. All have their turn once in a round, about equally many in each tick, so that
 * looking at many files never comes in bursts.
 */
export function turnOf<T>(row: readonly T[], { tick, ticksPerRound }: PollTick): readonly T[] {
  const place = tick % ticksPerRound
  const edge = (at: number) => Math.floor((row.length * at) / ticksPerRound)
  return row.slice(edge(place), edge(place + 1))
}

/** True for what changed lately: it is looked at in every tick. */
export function isHot(changedMs: number, nowMs: number): boolean {
  return nowMs - changedMs < HOT_MS
}
