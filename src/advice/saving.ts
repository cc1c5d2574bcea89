import { countText, usdText } from '../core/figure-text.ts'
import { PICO_PER_USD } from '../core/money.ts'
import type { TokenClass } from '../core/usage.ts'
import { downToCents, priceText, upToCents } from './text.ts'

/** Tokens that would have been cheaper. Prices in pico-dollars per token, `to` no higher than `from`. */
export interface Term {
  readonly tokens: bigint
  readonly tokenClass: TokenClass
  readonly from: bigint
  readonly to: bigint
}

/** What was paid for everything that the terms are of, and what that costs at list prices. Pico-dollars. */
export interface Paid {
  readonly paidPico: bigint
  readonly listPico: bigint
}

export interface Saving {
  /** Pico-dollars in 30 days, rounded down. */
  readonly pico: bigint
  /** The numbers as printed give `pico` again. */
  readonly formula: string
}

const CLASS_TEXT: Readonly<Record<TokenClass, string>> = {
  input: 'input',
  cache_write_5m: 'cache write 5m',
  cache_write_1h: 'cache write 1h',
  cache_read: 'cache read',
  output: 'output',
}

/** Pico-dollars in 30 days at the pace of 7, rounded down. */
export function per30Days(weekPico: bigint): bigint {
  return (weekPico * 30n) / 7n
}

/**
 * What tokens of 7 days would have saved, over 30 days. Where less was paid than list prices say (batches, recorded
 * costs), the saving is smaller in the same proportion, so that it never exceeds what was paid. `oneOf`: only one part
 * of so many is counted.
 */
export function savingOf(terms: readonly Term[], paid: Paid, oneOf = 1n): Saving {
  const real = terms.filter(({ tokens, from, to }) => tokens > 0n && from !== to)
  const discount = discountOf(paid)
  const week = real.reduce((sum, { tokens, from, to }) => sum + tokens * (from - to), 0n) * discount.paid
  const pico = (week * 30n) / (discount.list * 7n * oneOf)
  const sum = real.map(termText).join(' + ')
  const part = oneOf === 1n ? '' : ` / ${oneOf}`
  const product = real.length > 1 ? `(${sum})` : sum
  return { pico, formula: `${product} / 1 M${discount.text}${part} x 30 / 7 = ${usdText(pico)}` }
}

/** What is printed is reckoned with: cents, rounded so that the saving is rather too low. */
function discountOf({ paidPico, listPico }: Paid): { paid: bigint; list: bigint; text: string } {
  if (paidPico >= listPico) return { paid: 1n, list: 1n, text: '' }
  const paid = downToCents(paidPico)
  const list = upToCents(listPico)
  return { paid, list, text: ` x ${usdText(paid)} paid / ${usdText(list)} at list prices` }
}

function termText({ tokens, tokenClass, from, to }: Term): string {
  const price = to === 0n ? priceText(from) : `(${priceText(from)} - ${priceText(to)})`
  return `${countText(tokens)} ${CLASS_TEXT[tokenClass]} x ${price}`
}

/** Always worth a word, whatever the rest costs. Pico-dollars in 30 days. */
const LARGE_PICO = 10n * PICO_PER_USD
const SMALLEST_PICO = PICO_PER_USD
const SMALLEST_PERCENT = 3n

/** Whether an amount of 30 days matters beside everything that 7 days cost. Pico-dollars. */
export function isWorthwhile(pico: bigint, weekPico: bigint): boolean {
  if (pico < SMALLEST_PICO) return false
  return pico >= LARGE_PICO || pico * 100n >= per30Days(weekPico) * SMALLEST_PERCENT
}
