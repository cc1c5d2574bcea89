import type { PlanWindow } from '../core/plan-window.ts'
import { HOUR_MS, MINUTE_MS } from '../core/time.ts'

/**
 * `current`; `over`: its reset has passed, so that nothing is known of the window that runs now; `old`: seen too long
 * ago to still be told; `ahead`: seen at a time that this clock has not reached.
 */
export type PlanWindowState = 'current' | 'over' | 'old' | 'ahead'

const MAX_AGE_MS = 24 * HOUR_MS
/** A window of five hours that was seen longer ago has ended, also where its reset was not said. */
const MAX_AGE_5H_MS = 5 * HOUR_MS
const MAX_AHEAD_MS = 5 * MINUTE_MS

/** How far what was seen still holds at `now` (epoch milliseconds). */
export function planWindowState(
  { window, resetsAt, observedAt }: Pick<PlanWindow, 'window' | 'resetsAt' | 'observedAt'>,
  now: number,
): PlanWindowState {
  if (resetsAt !== null && resetsAt <= now) return 'over'
  if (observedAt > now + MAX_AHEAD_MS) return 'ahead'
  return now - observedAt > (window === '5h' ? MAX_AGE_5H_MS : MAX_AGE_MS) ? 'old' : 'current'
}
