import { escapeControls } from './escape.ts'

const MAX_NAME_UNITS = 80

/** A name from outside, on one line and of bounded length. */
export function nameText(name: string): string {
  return cut(escapeControls(name), MAX_NAME_UNITS)
}

/** At most so many UTF-16 units, with an ellipsis where something is missing; no character is halved. */
export function cut(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text
  const end = maxUnits - 1
  const last = text.charCodeAt(end - 1)
  const isHalf = last >= 0xd800 && last <= 0xdbff
  return `${text.slice(0, isHalf ? end - 1 : end)}…`
}
