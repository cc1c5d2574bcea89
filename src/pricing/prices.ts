import type { PriceTable } from './price-table.ts'
import { PRICES_BEFORE_4_5 } from './prices-before-4-5.ts'
import { PRICES_FROM_4_5 } from './prices-from-4-5.ts'

/** List prices of the Claude models and the rules that change them. */
export const PRICE_TABLE: PriceTable = {
  asOf: '2026-11-21',
  webSearchUsdPerThousand: 10,
  factors: { us: [11, 10], region: [11, 10], batch: [1, 2] },
  cacheRule: {
    write5m: [5, 4],
    write1h: [2, 1],
    read: [1, 10],
    readExceptions: [
      { model: 'claude-fable-5-2', since: '', read: [1, 40] },
      { model: 'claude-mythos-5-2', since: '', read: [1, 40] },
      { model: 'claude-fable-5-1', since: '', read: [1, 40] },
      { model: 'claude-mythos-5-1', since: '', read: [1, 40] },
      { model: 'claude-opus-5-5', since: '', read: [1, 20] },
      { model: 'claude-sonnet-5-5', since: '2026-10-07', read: [1, 20] },
    ],
    rounded: ['claude-3-haiku-20240307'],
  },
  models: [...PRICES_FROM_4_5, ...PRICES_BEFORE_4_5],
}
