import { addInt, type Int, negateInt } from './integer.ts'
import { PICO_PER_USD } from './money.ts'

/**
 * Everything that is added up, per response and in every sum of responses, in the order of the ledger's columns.
 * Money takes two columns, whole dollars and the remaining pico-dollars, because one 64-bit column of pico-dollars ends
 * at 9.2 million dollars. Sums add the two apart and are never normalised: dollars x 10^12 + pico is the amount.
 */
export const MEASURES = [
  'requests',
  'input',
  'cache_write_5m',
  'cache_write_1h',
  'cache_read',
  'output',
  'reasoning',
  'web_searches',
  'unsplit',
  'unpriced',
  'unfinal',
  'no_usage',
  'errors',
  'unreconciled',
  'cost_usd',
  'cost_pico',
  'saved_usd',
  'saved_pico',
  'premium_usd',
  'premium_pico',
] as const
export type Measure = (typeof MEASURES)[number]

/** One value per measure. */
export type Measures = Int[]

export const MEASURE = Object.fromEntries(MEASURES.map((name, index) => [name, index])) as Readonly<
  Record<Measure, number>
>

/** Index of the first token class; the five stand in the order of TOKEN_CLASSES. */
export const FIRST_TOKEN_CLASS = MEASURE.input

export function zeroMeasures(): Measures {
  return new Array<Int>(MEASURES.length).fill(0)
}

/** Adds `values` to `sum` in place, `sign` times. */
export function accumulate(sum: Measures, values: readonly Int[], sign: 1 | -1 = 1): Measures {
  for (let index = 0; index < MEASURES.length; index++) {
    const value = values[index] ?? 0
    if (value !== 0) sum[index] = addInt(sum[index] ?? 0, sign === 1 ? value : negateInt(value))
  }
  return sum
}

export function isZero(values: readonly Int[]): boolean {
  return values.every((value) => value === 0 || value === 0n)
}

/** The amount whose dollar column is `measure`, in pico-dollars. */
export function amountOf(values: readonly Int[], measure: 'cost_usd' | 'saved_usd' | 'premium_usd'): bigint {
  const index = MEASURE[measure]
  return BigInt(values[index] ?? 0) * PICO_PER_USD + BigInt(values[index + 1] ?? 0)
}

const USD = Number(PICO_PER_USD)

/** Writes a non-negative amount of pico-dollars into the two columns that begin at `measure`. */
export function setAmount(values: Measures, measure: 'cost_usd' | 'saved_usd' | 'premium_usd', pico: Int): void {
  const index = MEASURE[measure]
  if (typeof pico === 'number') {
    const usd = Math.floor(pico / USD)
    values[index] = usd
    values[index + 1] = pico - usd * USD
  } else {
    values[index] = Number(pico / PICO_PER_USD)
    values[index + 1] = Number(pico % PICO_PER_USD)
  }
}
