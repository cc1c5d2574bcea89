import * as z from 'zod/mini'
import { count, day, head, time, tokens, usd } from './basics.ts'
import { about, component } from './component.ts'

const decimal = z.string().check(z.regex(/^-?\d+(\.\d+)?$/))

const useFields = {
  estimatedCostUsd: about('Tokens at list price, of use that is paid per token.', usd),
  planValueUsd: about('The same of use that a flat-rate plan covers; never part of the estimate.', usd),
  tokens,
  requests: count,
  unpricedTokens: about('Tokens of models without a known price: they are in no amount.', count),
}

const figureFields = {
  ...useFields,
  billedCostUsd: about(
    'What the provider billed on these UTC days; null where nothing is known of it.',
    z.nullable(usd),
  ),
  sharedCostUsd: about(
    'Share of cost of a whole organisation, which is also in the billed cost of what is unallocated; null unless ' +
      '`owners_share` is set, and for what takes no part.',
    z.nullable(usd),
  ),
  projects: count,
  sessions: count,
  machines: count,
  exact: about(
    'The amounts with all their digits, as text.',
    z.strictObject({
      estimatedCostUsd: decimal,
      planValueUsd: decimal,
      billedCostUsd: z.nullable(decimal),
      sharedCostUsd: z.nullable(decimal),
    }),
  ),
}

const usageDetail = component(
  'ChargebackUsage',
  'Use that a row consists of.',
  z.strictObject({
    source: z.string(),
    project: z.string(),
    agent: z.string(),
    machine: z.string(),
    sessions: count,
    ...useFields,
  }),
)

const billedDetail = component(
  'ChargebackBill',
  'Billed cost that a row consists of.',
  z.strictObject({
    organization: z.string(),
    workspaceId: z.string(),
    apiKeyId: z.string(),
    costType: z.string(),
    billedCostUsd: usd,
    exactUsd: decimal,
  }),
)

const name = z.nullable(z.string())

const row = component(
  'ChargebackRow',
  'What one owner used and was billed. `none` is not named by the rule, null not asked for.',
  z.strictObject({
    owner: name,
    team: name,
    costCenter: name,
    allocated: about('False for the row of what no rule takes.', z.boolean()),
    ...figureFields,
    usage: z.optional(z.array(usageDetail)),
    billed: z.optional(z.array(billedDetail)),
  }),
)

const month = component(
  'ChargebackMonth',
  'A month, or the part of one. Use is of local days, the bill of UTC days. The rows add up to the total exactly; projects, sessions and machines that several rows have count once in it.',
  z.strictObject({
    month: z.string().check(z.regex(/^\d{4}-\d{2}$/)),
    firstDay: day,
    lastDay: day,
    whole: about('False where only a part of the month is asked for.', z.boolean()),
    running: about('True where it is not over.', z.boolean()),
    from: time,
    to: time,
    billedFrom: time,
    billedTo: time,
    ledgerBegan: about('First use that the ledger has; null where it has none.', z.nullable(time)),
    organizations: about('Whose bill is counted.', z.array(z.string())),
    openBillDays: about('UTC days that a bill does not tell completely yet.', z.array(day)),
    rows: z.array(row),
    total: component('ChargebackTotal', 'Sums of all rows.', z.strictObject(figureFields)),
  }),
)

export const chargebackDocument = component(
  'ChargebackDocument',
  'What each owner used and was billed. Estimated cost, plan value and billed cost are three views of partly the same use, never to be added up.',
  z.strictObject({
    ...head('chargeback'),
    by: about(
      'What rows are about; null: owner, team and cost centre together.',
      z.nullable(z.enum(['owner', 'team', 'cost-center'])),
    ),
    rules: about('How many rules there are.', count),
    months: z.array(month),
  }),
)
export type ChargebackDocument = z.infer<typeof chargebackDocument>
