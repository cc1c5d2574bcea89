import { usdText } from '../core/figure-text.ts'
import { amountOf } from '../core/measures.ts'
import type { Billing } from '../core/usage.ts'
import { nameText } from '../lib/name-text.ts'
import type { AdviceInput } from './advice.ts'
import { adviceId, amountOfBilling, type Found } from './found.ts'
import { listCostPico, type ModelPrices, pricesByModel } from './model-prices.ts'
import { isWorthwhile, per30Days, type Saving, savingOf } from './saving.ts'
import { downToCents, planText, subjectText, tokensText, upToCents } from './text.ts'
import { goesOn, groupUse, labelsOf, sumUse, type Use, useCostPico, useTokens } from './use.ts'

const BY = ['source', 'agent', 'project', 'model'] as const

/** Use whose cache writes cost more on top of plain input than the reads save. */
export function cacheWritesAdvice(input: AdviceInput, billing: Billing): readonly Found[] {
  const uses = groupUse(input.last7Days, billing, BY)
  const prices = pricesByModel(input.prices)
  const weekPico = useCostPico(sumUse(uses))
  return uses.filter(goesOn).flatMap((use) => adviceOn(use, prices.get(use.names.model) ?? {}, weekPico))
}

function adviceOn(use: Use, own: ModelPrices, weekPico: bigint): readonly Found[] {
  const { billing, names } = use
  const premiumPico = amountOf(use.values, 'premium_usd')
  const savedPico = amountOf(use.values, 'saved_usd')
  if (premiumPico <= savedPico) return []
  const without = ofNoCaching(premiumPico, savedPico, useCostPico(use))
  const shorter = ofShorterWrites(use, own)
  const isShorter = shorter !== null && shorter.pico >= without.pico
  const saving = isShorter ? shorter : without
  if (!isWorthwhile(saving.pico, weekPico)) return []
  const labels = labelsOf(use)
  const subject = subjectText(names)
  const fact = `In the last 7 days its cache writes with ${nameText(names.model)} cost ${usdText(premiumPico)} more than plain input would have, and its cache reads saved ${usdText(savedPico)}.`
  return [
    {
      weightPico: saving.pico,
      advice: {
        id: adviceId('cache_writes', labels, billing),
        kind: 'cache_writes',
        urgency: 'consider',
        title: isShorter
          ? `Let ${subject} write its cache for 5 minutes instead of 1 hour.`
          : `Stop ${subject} from writing a cache that is hardly read.`,
        detail: `${fact} ${isShorter ? aboutShorter(use) : 'Without caching both would fall away; better still is a prompt whose beginning stays the same, so that it is read again.'}${planText(billing)}`,
        ...amountOfBilling(billing, saving.pico),
        formula: saving.formula,
        labels,
      },
    },
  ]
}

function aboutShorter(use: Use): string {
  const writes = tokensText(useTokens(use, 'cache_write_1h'))
  return `The amount is what writing the ${writes} of 1 hour for 5 minutes would save; it is less where reads come after pauses of more than 5 minutes.`
}

function ofShorterWrites(use: Use, own: ModelPrices): Saving | null {
  const tokens = useTokens(use, 'cache_write_1h')
  const { cache_write_1h: from, cache_write_5m: to } = own
  if (tokens === 0n || from === undefined || to === undefined || to >= from) return null
  const paid = { paidPico: useCostPico(use), listPico: listCostPico(use, own) }
  return savingOf([{ tokens, tokenClass: 'cache_write_1h', from, to }], paid)
}

/** Cents, rounded so that the saving is rather too low; never more than was paid. */
function ofNoCaching(premiumPico: bigint, savedPico: bigint, paidPico: bigint): Saving {
  const premium = downToCents(premiumPico < paidPico ? premiumPico : paidPico)
  const saved = upToCents(savedPico)
  const pico = premium > saved ? per30Days(premium - saved) : 0n
  return { pico, formula: `(${usdText(premium)} - ${usdText(saved)}) x 30 / 7 = ${usdText(pico)}` }
}
