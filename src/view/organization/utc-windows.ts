import { startOfDay, startOfMonth } from '../../core/period.ts'
import { DAY_MS } from '../../core/time.ts'

/** Boundaries of the windows of the UTC calendar, epoch milliseconds. */
export interface UtcWindows {
  readonly previousMonth: number
  readonly month: number
  readonly today: number
  readonly tomorrow: number
}

export type UtcWindowName = 'today' | 'monthToDate' | 'previousMonth'

export function utcWindows(now: number): UtcWindows {
  const today = startOfDay(now, 'UTC')
  const month = startOfMonth(now, 'UTC')
  return { previousMonth: startOfMonth(month - 1, 'UTC'), month, today, tomorrow: today + DAY_MS }
}

/** Boundaries to group sums by: the parts of time that the windows are made of. */
export function windowEdges({ previousMonth, month, today, tomorrow }: UtcWindows): readonly number[] {
  return [...new Set([previousMonth, month, today, tomorrow])]
}

/** Whether the part of time that begins at the edge belongs to the window. */
export function isInWindow(edge: number, window: UtcWindowName, windows: UtcWindows): boolean {
  if (window === 'previousMonth') return edge < windows.month
  return edge >= (window === 'today' ? windows.today : windows.month)
}
