import type { PlanWindow } from '../../core/plan-window.ts'
import type { PlanWindowState } from '../../plan-windows/state.ts'

/** A stored window and whether it still holds. */
export interface ShownWindow extends PlanWindow {
  readonly state: PlanWindowState
}

/** Everything `windows` prints. */
export interface WindowsReport {
  /** By account and window. */
  readonly windows: readonly ShownWindow[]
  /** Files that nothing could be read from. */
  readonly problems: readonly { readonly account: string; readonly problem: string }[]
  /** The status line command for settings.json of Claude Code. */
  readonly statusCommand: string
  /** Epoch milliseconds. */
  readonly now: number
  readonly timeZone: string
}
