import { MEASURE } from '../core/measures.ts'
import { nameText } from '../lib/name-text.ts'
import { labelValue } from '../view/labels.ts'
import type { AdviceInput } from './advice.ts'
import { adviceId, type Found, NO_AMOUNT } from './found.ts'
import { tokensText, UNKNOWN } from './text.ts'
import { groupUse, labelsOf, type Use } from './use.ts'

/** Fewer tokens of a week are not worth a line in the configuration. */
const SMALLEST_TOKENS = 10_000n

/** Models in use that no price is known for. */
export function setPriceAdvice(input: AdviceInput): readonly Found[] {
  const uses = (['metered', 'plan'] as const).flatMap((billing) =>
    groupUse(input.last7Days, billing, ['provider', 'model']),
  )
  const models = new Map<string, { readonly use: Use; tokens: bigint }>()
  for (const use of uses) {
    const key = JSON.stringify(use.names)
    const model = models.get(key) ?? { use, tokens: 0n }
    model.tokens += BigInt(use.values[MEASURE.unpriced] ?? 0)
    models.set(key, model)
  }
  return [...models.values()]
    .filter(({ tokens }) => tokens >= SMALLEST_TOKENS)
    .sort((a, b) => (a.tokens > b.tokens ? -1 : a.tokens < b.tokens ? 1 : 0))
    .map(({ use, tokens }) => adviceOn(use, tokens, input))
}

function adviceOn(use: Use, tokens: bigint, { unpriced }: AdviceInput): Found {
  const { provider, model } = use.names
  const ever = unpriced
    .filter((row) => labelValue(row.provider) === provider && labelValue(row.model) === model)
    .reduce((sum, row) => sum + row.tokens, 0n)
  const since = ever > tokens ? `, and ${tokensText(ever)} since the ledger began,` : ''
  const labels = labelsOf(use)
  return {
    // No amount is known; the more tokens the earlier, among its like.
    weightPico: 0n,
    advice: {
      id: adviceId('set_price', labels),
      kind: 'set_price',
      urgency: 'consider',
      title: `Set a price for model ${nameText(model)} under pricing.overrides in the configuration.`,
      detail: `${tokensText(tokens)} of it (${provider === UNKNOWN ? 'its provider is not known' : nameText(provider)}) in the last 7 days${since} have no price: they are in no cost and in no budget in dollars. Where it costs nothing, as a model on a machine of your own does, set 0; where it is another name of a model that has a price, set pricing.aliases.`,
      ...NO_AMOUNT,
      formula: null,
      labels,
    },
  }
}
