import { decimalFromPico, usdFromPico } from '../core/money.ts'
import type { ExplainedGroup, Explanation } from './explain.ts'
import { jsonHead, periodJson, usageJson } from './json.ts'
import type { ReportRequest } from './request.ts'
import { estimatedPico, planPico, type Totals } from './totals.ts'

const TOKENS_PER_PRICE = 1_000_000n

/**
 * Document of an explanation: `rows` of responses that were charged in the same way, and `totals`. Amounts stand there
 * as numbers and, where they are to be added up, as exact decimal text (`exactUsd`).
 */
export function explanationJson(explanation: Explanation, { where, context, freshness }: ReportRequest) {
  const { subject, period, by, groups, gone, totals } = explanation
  return {
    ...jsonHead('explain', context, freshness),
    subject,
    window: periodJson(period, context.timeZone),
    filters: where,
    by,
    rows: groups.map((group) => rowJson(by, group)),
    sumsOnly: totalsJson(gone),
    totals: totalsJson(totals),
  }
}

function rowJson(by: Explanation['by'], group: ExplainedGroup) {
  const { key, model, modelIds, billing, origin, rate, requests, classes, webSearches, unpricedTokens, costPico } =
    group
  return {
    group: Object.fromEntries(by.map((name, index) => [name, key[index]])),
    model,
    modelIds,
    billing,
    costOrigin: origin,
    price: rate?.description ?? null,
    requests: Number(requests),
    tokenClasses: classes.map(({ tokenClass, tokens, picoPerToken, costPico: amount }) => ({
      tokenClass,
      tokens: Number(tokens),
      usdPerMillionTokens: picoPerToken === null ? null : usdFromPico(BigInt(picoPerToken) * TOKENS_PER_PRICE),
      ...amountJson(amount),
    })),
    webSearches: { count: Number(webSearches.count), ...amountJson(webSearches.costPico) },
    unpricedTokens: Number(unpricedTokens),
    ...amountJson(costPico),
  }
}

function totalsJson(totals: Totals) {
  return {
    ...usageJson(totals),
    exactEstimatedCostUsd: decimalFromPico(estimatedPico(totals)),
    exactPlanValueUsd: decimalFromPico(planPico(totals)),
  }
}

function amountJson(pico: bigint | null) {
  return pico === null ? { usd: null, exactUsd: null } : { usd: usdFromPico(pico), exactUsd: decimalFromPico(pico) }
}
