import { countText, percentText, usdText } from '../core/figure-text.ts'
import { PICO_PER_USD } from '../core/money.ts'
import { HOUR_MS } from '../core/time.ts'
import type { Billing } from '../core/usage.ts'
import { nameText } from '../lib/name-text.ts'
import { labelValue } from '../view/labels.ts'
import type { AdviceInput, AdviceSession } from './advice.ts'
import { adviceId, type Found, NO_AMOUNT } from './found.ts'
import { type ModelPrices, pricesByModel } from './model-prices.ts'
import { planText, priceText, subjectText, tokensText } from './text.ts'
import { goesOn, groupUse, sumUse, useCostPico, useRequests, useTokens } from './use.ts'

/** Of what a week costs: a session with less is not what makes it expensive. */
const SHARE_PERCENT = 20n
const SMALLEST_PICO = 5n * PICO_PER_USD
const SHORTEST_MS = 2 * HOUR_MS
/** Cache reads per request, on average, from which on a conversation is long. */
const LONG_READS = 50_000n
/** Part of the cost of a session that its cache reads must make up, one of so many. */
const READ_PART = 4n

/** Single long sessions that are much of what a week costs, because every request reads all that was said before. */
export function longSessionsAdvice(input: AdviceInput, billing: Billing): readonly Found[] {
  const weekPico = useCostPico(sumUse(groupUse(input.last7Days, billing, [])))
  const prices = pricesByModel(input.prices)
  return input.sessions.filter(goesOn).flatMap((session) => adviceOn(session, billing, weekPico, prices))
}

function adviceOn(
  session: AdviceSession,
  billing: Billing,
  weekPico: bigint,
  prices: ReadonlyMap<string, ModelPrices>,
): readonly Found[] {
  const use = sumUse(session.models.map(({ totals }) => ({ values: totals[billing] })))
  const costPico = useCostPico(use)
  const requests = useRequests(use)
  const reads = useTokens(use, 'cache_read')
  if (costPico < SMALLEST_PICO || costPico * 100n <= weekPico * SHARE_PERCENT) return []
  if (session.durationMs < SHORTEST_MS || requests === 0n || reads < LONG_READS * requests) return []
  const reading = readingOf(session, billing, prices)
  if (reading === null || reading.pico > costPico || reading.pico * READ_PART < costPico) return []
  const names = { source: session.source, agent: labelValue(session.agent), project: labelValue(session.project) }
  const labels = { ...names, session: labelValue(session.session) }
  return [
    {
      weightPico: reading.pico / 2n,
      advice: {
        id: adviceId('long_sessions', labels, billing),
        kind: 'long_sessions',
        urgency: 'consider',
        title: `Begin new sessions, or compact earlier, in ${subjectText(names)}.`,
        detail: `Session ${nameText(session.session)} is ${percentText(Number(costPico) / Number(weekPico))} of what the last 7 days ${billing === 'metered' ? 'cost' : 'would have cost at list prices'} (${usdText(costPico)} of ${usdText(weekPico)}). Its ${countText(requests)} requests read ${tokensText(reads / requests)} from the cache each, which makes ${usdText(reading.pico)} at list prices. That is exact; as an estimate, conversations half as long would halve that part, and what a new one must read again comes off.${planText(billing)}`,
        ...NO_AMOUNT,
        formula: reading.formula,
        labels,
      },
    },
  ]
}

/** What reading the cache cost at list prices; null where a price is not known. */
function readingOf(
  { models }: AdviceSession,
  billing: Billing,
  prices: ReadonlyMap<string, ModelPrices>,
): { pico: bigint; formula: string } | null {
  const byPrice = new Map<bigint, bigint>()
  for (const { model, totals } of models) {
    const tokens = useTokens({ values: totals[billing] }, 'cache_read')
    if (tokens === 0n) continue
    const price = prices.get(labelValue(model))?.cache_read
    if (price === undefined) return null
    byPrice.set(price, (byPrice.get(price) ?? 0n) + tokens)
  }
  const terms = [...byPrice].sort(([a], [b]) => (a > b ? -1 : 1))
  const pico = terms.reduce((sum, [price, tokens]) => sum + price * tokens, 0n)
  const sum = terms.map(([price, tokens]) => `${countText(tokens)} cache read x ${priceText(price)}`).join(' + ')
  return { pico, formula: `${terms.length > 1 ? `(${sum})` : sum} / 1 M = ${usdText(pico)}` }
}
