import * as z from 'zod/mini'
import { count, head, range, ratio, time, tokens, usd } from './basics.ts'
import { balance, state, unit } from './budgets.ts'
import { about, component } from './component.ts'

const window = z.nullable(
  component(
    'WindowUsage',
    'Use in a window, as `/metrics` has it.',
    z.strictObject({
      range,
      tokens,
      requests: count,
      estimatedCostUsd: usd,
      planValueUsd: usd,
      billedCostUsd: about('Of the same window of the UTC calendar; null where it is not known.', z.nullable(usd)),
    }),
  ),
)

const budget = z.strictObject({
  name: z.string(),
  state,
  unit,
  limit: z.number(),
  spent: z.nullable(z.number()),
  remaining: about('Negative when over.', z.nullable(z.number())),
  usedRatio: z.nullable(ratio),
  resetsAt: about('Null for rolling budgets.', z.nullable(time)),
})

export const statusDocument = component(
  'StatusDocument',
  'The figures of a widget.',
  z.strictObject({
    ...head('status'),
    lastUpdated: about('When a source was last read.', z.nullable(time)),
    nextUpdate: about('When an organisation is read next; logs are followed all the time.', z.nullable(time)),
    today: window,
    last7Days: window,
    monthToDate: window,
    unpricedTokens: about('Since the ledger began; null while `complete` is false.', z.nullable(count)),
    activeSessions: about('With activity in the last 5 minutes; null while `complete` is false.', z.nullable(count)),
    worstState: state,
    budgets: z.array(budget),
    balances: z.array(balance),
  }),
)
export type StatusDocument = z.infer<typeof statusDocument>
