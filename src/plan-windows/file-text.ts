import { ownValue } from '../lib/own-value.ts'
import type { StoredWindow } from './merge.ts'
import { isUsedRatio, isWindowName, MAX_WINDOWS } from './reading.ts'

const VERSION = 1
/** The last millisecond a Date can hold. */
const MAX_INSTANT = 8.64e15

/** The text of an account's file. */
export function planFileText(windows: readonly StoredWindow[]): string {
  return `${JSON.stringify({ version: VERSION, windows })}\n`
}

/** The windows in the text of an account's file; null where somebody else wrote it, or not all of it is there. */
export function parsePlanFile(text: string): StoredWindow[] | null {
  const windows = ownValue(parse(text), 'windows')
  if (ownValue(parse(text), 'version') !== VERSION || !Array.isArray(windows)) return null
  const known = new Map<string, StoredWindow>()
  for (const value of windows.slice(0, MAX_WINDOWS)) {
    const stored = storedWindow(value)
    if (stored !== null) known.set(stored.window, stored)
  }
  return [...known.values()]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function storedWindow(value: unknown): StoredWindow | null {
  const window = ownValue(value, 'window')
  const usedRatio = ownValue(value, 'usedRatio')
  const resetsAt = ownValue(value, 'resetsAt')
  const observedAt = ownValue(value, 'observedAt')
  if (typeof window !== 'string' || !isWindowName(window) || !isUsedRatio(usedRatio)) return null
  if (!isInstant(observedAt) || !(resetsAt === null || isInstant(resetsAt))) return null
  return { window, usedRatio, resetsAt, observedAt }
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_INSTANT
}
