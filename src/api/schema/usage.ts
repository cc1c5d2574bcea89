import * as z from 'zod/mini'
import { GROUPINGS } from '../../report/options.ts'
import { count, day, head, range, time, tokens, usage, usageOf, usd } from './basics.ts'
import { about, component } from './component.ts'

const name = z.string()

const lists = {
  totals: about('Null while `complete` is false.', z.nullable(usage)),
  byModel: about('The most expensive first; they add up to the totals.', z.array(usageOf({ model: name }))),
  byAgent: z.array(usageOf({ source: name, agent: name })),
  byProject: z.array(usageOf({ project: name })),
  byDay: about('Every local day of the range, those without use too.', z.array(usageOf({ day }))),
  groups: about(
    'What `by` asks for; null without it.',
    z.nullable(z.array(usageOf({ group: z.partialRecord(z.enum(GROUPINGS), name) }))),
  ),
}

const utcRange = component(
  'UtcRange',
  'Whole UTC days, the one that runs as far as it is known.',
  z.strictObject({ from: time, to: time }),
)

const billed = {
  billedCostUsd: about('Null where the report does not cover the range from its beginning.', z.nullable(usd)),
}
const used = {
  tokens: about("By the provider's own count; null where its report does not cover it.", z.nullable(tokens)),
  requests: about('Null also where the API counts none.', z.nullable(count)),
}
const known = {
  billedRange: about('What the bill covers; null where it is not known.', z.nullable(utcRange)),
  usageRange: about("What the provider's count covers; null where it is not known.", z.nullable(utcRange)),
  ...billed,
  ...used,
}

const organizations = component(
  'Organizations',
  'What the provider says of the organisations that are read, whichever machine and program it was used by.',
  z.strictObject({
    range: about('The whole UTC days of the range; null where there is none.', z.nullable(utcRange)),
    ...known,
    byOrganization: z.array(z.strictObject({ organization: name, ...known })),
    byModel: about(
      'Empty where neither bill nor use is known.',
      z.array(z.strictObject({ model: name, ...billed, ...used })),
    ),
    byDay: about('UTC days.', z.array(z.strictObject({ day, ...billed, ...used }))),
  }),
)

const ofProvider = {
  provider: name,
  ...lists,
  organizations: about(
    'Null where no organisation is read, and for providers without such an API.',
    z.nullable(organizations),
  ),
}

export const usageDocument = component(
  'UsageDocument',
  'Use of one provider.',
  z.strictObject({ ...head('usage'), range, ...ofProvider }),
)
export type UsageDocument = z.infer<typeof usageDocument>

const part = z.strictObject({ tokens, requests: count })

export const summaryDocument = component(
  'SummaryDocument',
  'Use of every provider, and the grand total.',
  z.strictObject({
    ...head('summary'),
    range,
    providers: about('The most expensive first.', z.array(z.strictObject(ofProvider))),
    grandTotal: z.nullable(
      z.strictObject({
        tokens,
        requests: count,
        webSearches: count,
        unpricedTokens: count,
        metered: about('Use that is paid per token.', z.extend(part, { estimatedCostUsd: usd })),
        plan: about('Use that a flat-rate plan covers.', z.extend(part, { planValueUsd: usd })),
        billed: about(
          'What was billed, by the organisations that are read. It is for much of the same use as the estimate.',
          z.strictObject({ billedCostUsd: z.nullable(usd), range: z.nullable(utcRange) }),
        ),
      }),
    ),
  }),
)
export type SummaryDocument = z.infer<typeof summaryDocument>
