/** Bits of a quotient at least: more than the 53 of a double. */
const QUOTIENT_BITS = 80

/** `numerator / denominator` as the nearest double, whatever their size. The denominator is more than 0. */
export function ratioOf(numerator: bigint, denominator: bigint): number {
  if (numerator < 0n) return 0 - ratioOf(-numerator, denominator)
  const shift = Math.max(QUOTIENT_BITS - bits(numerator) + bits(denominator), 0)
  const dividend = numerator << BigInt(shift)
  // What is cut off decides where the rest lies just in the middle of two doubles: it stays as the last bit.
  const cutOff = dividend % denominator === 0n ? 0n : 1n
  return Number((dividend / denominator) | cutOff) * 2 ** -shift
}

/** True when `amount` is at least `ratio` of `whole`: exactly so, with the ratio as it is written in decimal. */
export function reachesRatio(amount: bigint, whole: bigint, ratio: number): boolean {
  const [, integer = '', fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(ratio)) ?? []
  const places = fraction.length - Number(exponent)
  const part = BigInt(integer + fraction) * whole
  return places >= 0 ? amount * 10n ** BigInt(places) >= part : amount >= part * 10n ** BigInt(-places)
}

function bits(value: bigint): number {
  return value.toString(16).length * 4
}
