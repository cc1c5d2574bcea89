import type { DemoCall } from '../world.ts'

interface Prices {
  /** Dollars per million tokens. */
  readonly input: number
  readonly cacheRead: number
  readonly output: number
}

/** Made-up prices that the agents know of models of other providers. What is not here they say nothing about. */
const PRICES: ReadonlyMap<string, Prices> = new Map([['gpt-5.2-codex', { input: 1.75, cacheRead: 0.175, output: 14 }]])

/** The agents' own estimate in dollars; all 0 where they know no price, which they write down like that. */
export function entryCost({ model, tokens }: DemoCall): Readonly<Record<string, number>> {
  const prices = PRICES.get(model)
  const input = dollars(tokens.input, prices?.input)
  const output = dollars(tokens.output, prices?.output)
  const cacheRead = dollars(tokens.cacheRead, prices?.cacheRead)
  return { input, output, cacheRead, cacheWrite: 0, total: rounded(input + output + cacheRead) }
}

function dollars(tokens: number, perMillion = 0): number {
  return rounded((tokens * perMillion) / 1e6)
}

function rounded(amount: number): number {
  return Number(amount.toFixed(9))
}
