import { DateTime } from 'luxon'
import type { BudgetUnit } from '../core/budget.ts'
import { divideHalfEven, PICO_PER_USD } from '../core/money.ts'
import { escapeControls } from '../lib/escape.ts'

const CENT_PICO = PICO_PER_USD / 100n
const MAX_NAME_UNITS = 80

/** `$1,234.56`, to the cent, halves to the even one. */
export function usdText(pico: bigint): string {
  if (pico < 0n) return `-${usdText(-pico)}`
  const digits = divideHalfEven(pico, CENT_PICO).toString().padStart(3, '0')
  return `$${grouped(digits.slice(0, -2))}.${digits.slice(-2)}`
}

/** An amount of a budget: `$12.50` or `1,234,567 tokens`. */
export function amountText(amount: bigint, unit: BudgetUnit): string {
  return unit === 'usd' ? usdText(amount) : `${grouped(amount.toString())} tokens`
}

/** `1,234,567`, to the nearest whole number. */
export function countText(count: number): string {
  return grouped(String(Math.round(count)))
}

/** `137.2%` */
export function percentText(ratio: number): string {
  return `${(ratio * 100).toFixed(1)}%`
}

/** `2026-05-04 09:12 +02:00` */
export function timeText(instant: number, timeZone: string): string {
  return DateTime.fromMillis(instant, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm ZZ')
}

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

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}
