import type { PlanWindow } from '../../core/plan-window.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/time.ts'
import type { Paint, Style } from '../terminal/style.ts'
import type { SessionFacts } from './session.ts'

/** Text and how it is coloured. */
export interface Piece {
  readonly text: string
  readonly paint?: Paint
}

/** Everything a status line can show. */
export interface StatusFacts {
  readonly session: SessionFacts
  /** Windows of the account that hold now. */
  readonly windows: readonly PlanWindow[]
  /** US dollars of today, all agents together; null when it is not known. */
  readonly todayUsd: number | null
  /** Epoch milliseconds. */
  readonly now: number
}

const WARNING_RATIO = 0.7
const CRITICAL_RATIO = 0.9
/** Windows that there may be under other names: `seven_day_opus`. */
const WINDOW_NAME = /^[a-z0-9]+(_[a-z0-9]+)+$/

/**
 * The value of a field of `--format`: `model`, `context`, `cost`, `today`, a window (`5h`, `7d`) or the time to its reset
 * (`5h.reset`). Null when it is not known; undefined when there is no such field.
 */
export function fieldOf(name: string, facts: StatusFacts, style: Style): Piece | null | undefined {
  const { session, windows, todayUsd, now } = facts
  if (name === 'model') return session.model === null ? null : { text: session.model, paint: style.cyan }
  if (name === 'context') return percentPiece(session.contextRatio, style)
  if (name === 'cost') return usdPiece(session.costUsd)
  if (name === 'today') return usdPiece(todayUsd)
  const [window = '', part, ...rest] = name.split('.')
  const isWindow = window === '5h' || window === '7d' || WINDOW_NAME.test(window)
  if (!isWindow || rest.length > 0 || (part !== undefined && part !== 'reset')) return undefined
  const row = windows.find((candidate) => candidate.window === window)
  if (row === undefined) return null
  if (part === undefined) return percentPiece(row.usedRatio, style)
  return row.resetsAt === null ? null : { text: shortDuration(row.resetsAt - now), paint: style.dim }
}

function usdPiece(usd: number | null): Piece | null {
  return usd === null ? null : { text: `$${usd.toFixed(2)}` }
}

function percentPiece(ratio: number | null, style: Style): Piece | null {
  if (ratio === null) return null
  const text = `${wholePercent(ratio)}%`
  if (ratio >= CRITICAL_RATIO) return { text, paint: style.red }
  return { text, paint: ratio >= WARNING_RATIO ? style.yellow : style.green }
}

/** Rounded down, so that 100 % is only told when nothing is left; what a float lacks of a whole percent is made up. */
function wholePercent(ratio: number): number {
  return Math.floor(ratio * 100 + 1e-9)
}

/** `3d4h`, `2h10m`, `45m`, `<1m`. */
function shortDuration(ms: number): string {
  if (ms < MINUTE_MS) return '<1m'
  const [large, largeUnit, small, smallUnit] =
    ms >= DAY_MS
      ? [DAY_MS, 'd', HOUR_MS, 'h']
      : ms >= HOUR_MS
        ? [HOUR_MS, 'h', MINUTE_MS, 'm']
        : [MINUTE_MS, 'm', 0, '']
  const rest = small === 0 ? 0 : Math.floor((ms % large) / small)
  return `${Math.floor(ms / large)}${largeUnit}${rest === 0 ? '' : `${rest}${smallUnit}`}`
}
