import { divideHalfEven, PICO_PER_USD } from './money.ts'

const CENT_PICO = PICO_PER_USD / 100n

/** `$1,234.56`, to the cent, halves to the even one. */
export function usdText(pico: bigint): string {
  if (pico < 0n) return `-${usdText(-pico)}`
  const digits = divideHalfEven(pico, CENT_PICO).toString().padStart(3, '0')
  return `$${countText(BigInt(digits.slice(0, -2)))}.${digits.slice(-2)}`
}

/** `1,234,567`, to the nearest whole number. */
export function countText(count: number | bigint): string {
  const digits = String(typeof count === 'bigint' ? count : Math.round(count))
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `137.2%` */
export function percentText(ratio: number): string {
  return `${(ratio * 100).toFixed(1)}%`
}
