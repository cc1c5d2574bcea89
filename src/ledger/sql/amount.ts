import { PICO_PER_USD } from '../../core/money.ts'
import { toBigInt } from './integer.ts'

/** The two columns of an amount: dollars rounded down, and the pico-dollars above them, never negative. */
export type Amount = readonly [usd: bigint, pico: bigint]
export type OptionalAmount = Amount | readonly [usd: null, pico: null]

export function toAmount(pico: bigint): Amount {
  const rest = ((pico % PICO_PER_USD) + PICO_PER_USD) % PICO_PER_USD
  return [(pico - rest) / PICO_PER_USD, rest]
}

export function toOptionalAmount(pico: bigint | null): OptionalAmount {
  return pico === null ? [null, null] : toAmount(pico)
}

/** Pico-dollars of the two columns as read. */
export function fromAmount(usd: unknown, pico: unknown): bigint {
  return toBigInt(usd) * PICO_PER_USD + toBigInt(pico)
}

export function fromOptionalAmount(usd: unknown, pico: unknown): bigint | null {
  return usd === null ? null : fromAmount(usd, pico)
}

/**
 * Columns that sum an integer column. The two halves of 32 bits are summed apart: a sum of whole values is refused by
 * the database once it passes 64 bits.
 */
export function sumColumns(column: string): readonly [high: string, low: string] {
  return [`CAST(SUM(${column} >> 32) AS BIGINT)`, `CAST(SUM(${column} & 4294967295) AS BIGINT)`]
}

/** The sum out of what `sumColumns` gave; 0 where all values are null. */
export function fromSums(high: unknown, low: unknown): bigint {
  return high === null ? 0n : (toBigInt(high) << 32n) + toBigInt(low)
}
