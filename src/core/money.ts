/** One US dollar in pico-dollars, the unit of every amount: list prices and their factors are whole in it. */
export const PICO_PER_USD = 1_000_000_000_000n

/**
 * A decimal number of dollars as whole pico-dollars, rounded half to even beyond the twelfth place.
 * Accepts what JSON and JavaScript print for a number (`0.011436`, `1e-7`); null for anything else.
 */
export function picoFromDecimal(text: string): bigint | null {
  const match = /^(-?)(\d{1,40})(?:\.(\d{1,400}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text)
  if (!match) return null
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match
  const digits = whole + fraction
  const places = fraction.length - Number(exponentText)
  const shift = 12 - places
  const magnitude =
    shift >= 0 ? BigInt(digits) * 10n ** BigInt(shift) : divideHalfEven(BigInt(digits), 10n ** BigInt(-shift))
  return sign === '-' ? -magnitude : magnitude
}

/** Whole pico-dollars as an exact decimal number of dollars, without trailing zeros: `0.011436`. */
export function decimalFromPico(pico: bigint): string {
  const sign = pico < 0n ? '-' : ''
  const magnitude = pico < 0n ? -pico : pico
  const fraction = (magnitude % PICO_PER_USD).toString().padStart(12, '0').replace(/0+$/, '')
  const whole = (magnitude / PICO_PER_USD).toString()
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`
}

/** Dollars as a float, for JSON and arithmetic that is no longer about exact money. */
export function usdFromPico(pico: bigint): number {
  return Number(decimalFromPico(pico))
}

/** `numerator / denominator` to the nearest whole number, halves to the even neighbour. Both must be positive. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  const twice = (numerator % denominator) * 2n
  if (twice < denominator || (twice === denominator && quotient % 2n === 0n)) return quotient
  return quotient + 1n
}
