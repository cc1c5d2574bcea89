import { picoFromDecimal, usdFromPico } from '../core/money.ts'
import { accepting } from './value-type.ts'

const MAX_USD = 1_000_000_000
const MAX_TOKENS = 10n ** 15n
const FACTORS = new Map([
  ['', 1n],
  ['k', 1_000n],
  ['M', 1_000_000n],
  ['G', 1_000_000_000n],
])

/** Dollars as whole pico-dollars, more than 0. */
export const limitInUsd = accepting(
  'dollars above 0 and up to 1000000000, with at most twelve decimals, such as 10 or 49.99',
  (value) => positive(picoDollars(value)),
)

/** Dollars as whole pico-dollars, not 0; negative where money went back. */
export const paidUsd = accepting(
  'dollars such as 100 or 49.99, negative for a refund, with at most twelve decimals',
  (value) => {
    const pico = picoDollars(value)
    return pico === 0n ? undefined : pico
  },
)

/** A whole number of tokens, more than 0. YAML 1.2 knows no `1_000_000`: that is text, and so is `1M`. */
export const limitInTokens = accepting(
  'a whole number of tokens from 1 to 10^15, such as 1000000, 1_000_000, 500k or 1M',
  (value) => {
    const tokens = wholeTokens(value)
    return tokens !== undefined && tokens <= MAX_TOKENS ? positive(tokens) : undefined
  },
)

function picoDollars(value: unknown): bigint | undefined {
  const text = typeof value === 'string' ? plainNumber(value) : typeof value === 'number' ? String(value) : undefined
  if (text === undefined) return undefined
  const pico = picoFromDecimal(text)
  // What is finer than a pico-dollar would be rounded.
  const isExact = pico !== null && usdFromPico(pico) === Number(text)
  return isExact && Math.abs(Number(text)) <= MAX_USD ? pico : undefined
}

function wholeTokens(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  const match = typeof value === 'string' ? /^([\d_.]+?) ?([kMG]?)$/.exec(value) : null
  const [whole = '', fraction = ''] = plainNumber(match?.[1] ?? '')?.split('.') ?? []
  const factor = FACTORS.get(match?.[2] ?? '')
  if (whole === '' || factor === undefined) return undefined
  const scale = 10n ** BigInt(fraction.length)
  const scaled = BigInt(whole + fraction) * factor
  return scaled % scale === 0n ? scaled / scale : undefined
}

/** A decimal number as text, without the underscores between its thousands. */
function plainNumber(text: string): string | undefined {
  return /^-?(\d{1,3}(_\d{3})+|\d{1,40})(\.\d{1,40})?$/.test(text) ? text.replaceAll('_', '') : undefined
}

function positive(amount: bigint | undefined): bigint | undefined {
  return amount !== undefined && amount > 0n ? amount : undefined
}
