import * as z from 'zod/mini'
import { count, time, usd } from './basics.ts'
import { about, component } from './component.ts'

const percentage = about(
  'Per cent of the budget that is used, as it is: more than 100 when over. Null without such a budget.',
  z.nullable(z.number()),
)

export const claudeUsageDocument = component(
  'ClaudeUsageDocument',
  'The figures of older scripts, under their names.',
  z.strictObject({
    timestamp: time,
    claudeUsage: z.strictObject({
      weeklyTokens: about('Tokens of all classes in the last 7 days, by the session logs.', z.nullable(count)),
      monthlyTokens: about('The same of the calendar month so far.', z.nullable(count)),
      weeklyPercentage: percentage,
      monthlySpend: about('US dollars of the calendar month so far; `spendKind` says which.', z.nullable(usd)),
      spendKind: about(
        '`billed` where the bill of every organisation that is read is known, else `estimated`.',
        z.enum(['billed', 'estimated']),
      ),
      spendPercentage: percentage,
      balance: about('Entered top-ups less the bill, US dollars; null where it is not known.', z.nullable(usd)),
      lastUpdated: z.nullable(time),
    }),
  }),
)
export type ClaudeUsageDocument = z.infer<typeof claudeUsageDocument>
