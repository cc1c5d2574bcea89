import { metric } from '../definition.ts'

/** The price list in force. */
export const priceDefinitions = [
  metric({
    name: 'claude_model_price_usd_per_token',
    type: 'gauge',
    help:
      'Standard list price in force now, US dollars per token, from the built-in table and the configuration. ' +
      'Without surcharges and discounts (long prompts, fast mode, region, batch).',
    unit: 'usd_per_token',
    labels: ['model', 'token_type'],
    collector: 'prices',
    scale: 'pico',
    read: (snapshot) =>
      snapshot.prices.map((row) => [{ model: row.model, token_type: row.tokenClass }, BigInt(row.pico)] as const),
  }),
]
