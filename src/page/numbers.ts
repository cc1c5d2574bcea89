import { divideHalfEven, PICO_PER_USD, picoFromDecimal } from '../core/money.ts'

const CENT_PICO = PICO_PER_USD / 100n
/** Below ten cents two decimals would hide the amount, so it gets four. */
const SMALL_PICO = CENT_PICO * 10n
const SMALLEST_PICO = CENT_PICO / 100n

/** `$1,234.56`, and `$0.0042` below ten cents. */
export function usdText(usd: number): string {
  const pico = picoFromDecimal(String(usd))
  if (pico === null) return `$${usd}`
  const magnitude = pico < 0n ? -pico : pico
  return `${pico < 0n ? '-' : ''}${magnitudeText(magnitude)}`
}

function magnitudeText(pico: bigint): string {
  if (pico === 0n) return '$0.00'
  const inSmallest = divideHalfEven(pico, SMALLEST_PICO)
  if (inSmallest === 0n) return '<$0.0001'
  if (inSmallest * SMALLEST_PICO < SMALL_PICO) return dollars(inSmallest, 4)
  return dollars(divideHalfEven(pico, CENT_PICO), 2)
}

function dollars(amount: bigint, decimals: number): string {
  const digits = amount.toString().padStart(decimals + 1, '0')
  return `$${grouped(digits.slice(0, -decimals))}.${digits.slice(-decimals)}`
}

/** `1,234,567`; counts beyond what digits are good for as they are. */
export function countText(count: number): string {
  const text = String(count)
  return /^-?\d+$/.test(text) ? grouped(text) : text
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}

const SCALES = ['', 'k', 'M', 'B', 'T'] as const

/** Three digits and a scale: `12.3 M`. Counts below 1,000 are as they are. */
export function compactText(count: number): string {
  if (count < 0) return `-${compactText(-count)}`
  let value = count
  for (const scale of SCALES) {
    if (scale === '' && value < 1_000) return countText(Number.isInteger(value) ? value : Number(value.toPrecision(3)))
    if (Number(value.toPrecision(3)) < 1_000) return `${value.toPrecision(3)}\u00a0${scale}`
    value /= 1_000
  }
  return countText(count)
}

/** `106.2%`: never cut off. */
export function ratioText(ratio: number): string {
  const percent = ratio * 100
  if (percent > 0 && percent < 0.05) return '<0.1%'
  return Math.abs(percent) < 1e15
    ? `${grouped(percent.toFixed(1).slice(0, -2))}${percent.toFixed(1).slice(-2)}%`
    : `${percent}%`
}

/** `0.97×` */
export function timesText(factor: number): string {
  if (factor > 0 && factor < 0.005) return '<0.01×'
  return factor < 1e15 ? `${factor.toFixed(factor < 10 ? 2 : 0)}×` : `${factor}×`
}
