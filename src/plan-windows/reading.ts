import { DAY_MS } from '../core/time.ts'
import { ownValue } from '../lib/own-value.ts'

/** What was said of one window, without when. */
export interface PlanReading {
  readonly window: string
  readonly usedRatio: number
  readonly resetsAt: number | null
}

/** More windows than any plan has. */
export const MAX_WINDOWS = 8
const MAX_ENTRIES = 64
const MAX_RATIO = 1_000
/** No window of a plan lasts longer than a month. */
const MAX_AHEAD_MS = 40 * DAY_MS
/** Seconds up to here, milliseconds beyond: the year 5138, or 1973. */
const MAX_SECONDS = 1e11

const KNOWN_NAMES: Readonly<Record<string, string>> = { five_hour: '5h', seven_day: '7d' }
const OTHER_NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/
const MAX_NAME_CHARACTERS = 40

/**
 * The plan windows in the JSON that Claude Code hands to its status line (`rate_limits`). Whatever is not as expected is
 * left out.
 *
 * @param now epoch milliseconds; a reset too far from it counts as not said
 */
export function planReadings(input: unknown, now: number): PlanReading[] {
  const limits = ownValue(input, 'rate_limits')
  if (limits === null || typeof limits !== 'object' || Array.isArray(limits)) return []
  const readings: PlanReading[] = []
  for (const name of Object.keys(limits).slice(0, MAX_ENTRIES)) {
    const window = windowName(name)
    const usedRatio = ratioOf(ownValue(ownValue(limits, name), 'used_percentage'))
    if (window === null || usedRatio === null || readings.length === MAX_WINDOWS) continue
    readings.push({ window, usedRatio, resetsAt: resetOf(ownValue(ownValue(limits, name), 'resets_at'), now) })
  }
  return readings
}

/** Whether this is a name that a window can have here. */
export function isWindowName(name: string): boolean {
  return Object.values(KNOWN_NAMES).includes(name) || isOtherName(name)
}

/** Whether this is a used share as it is stored. */
export function isUsedRatio(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_RATIO
}

function isOtherName(name: string): boolean {
  return OTHER_NAME.test(name) && name.length <= MAX_NAME_CHARACTERS
}

function windowName(name: string): string | null {
  if (Object.hasOwn(KNOWN_NAMES, name)) return KNOWN_NAMES[name] ?? null
  return isOtherName(name) ? name : null
}

function ratioOf(percentage: unknown): number | null {
  const ratio = typeof percentage === 'number' ? percentage / 100 : null
  return isUsedRatio(ratio) ? ratio : null
}

/** Epoch seconds are what Claude Code gives; milliseconds and RFC 3339 are what others write for the same. */
function resetOf(value: unknown, now: number): number | null {
  const instant = instantOf(value)
  return instant !== null && instant > 0 && instant <= now + MAX_AHEAD_MS ? instant : null
}

function instantOf(value: unknown): number | null {
  if (typeof value === 'number') return Math.round(value <= MAX_SECONDS ? value * 1_000 : value)
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return null
  const parsed = Date.parse(value)
  return Number.isNaN(parsed) ? null : parsed
}
