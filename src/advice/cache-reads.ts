import { percentText } from '../core/figure-text.ts'
import type { Billing } from '../core/usage.ts'
import { nameText } from '../lib/name-text.ts'
import type { AdviceInput } from './advice.ts'
import { adviceId, amountOfBilling, type Found } from './found.ts'
import { listCostPico, type ModelPrices, pricesByModel } from './model-prices.ts'
import { isWorthwhile, savingOf, type Term } from './saving.ts'
import { costText, planText, subjectText, tokensText } from './text.ts'
import { goesOn, groupUse, labelsOf, MAIN_AGENT, sumUse, type Use, useCostPico, usePrompt, useTokens } from './use.ts'

const BY = ['source', 'agent', 'project', 'model'] as const
/** What would be read instead, the cheapest first, so that the saving is rather too low. */
const MISSED = ['input', 'cache_write_5m', 'cache_write_1h'] as const

/** The threshold is meant for hours. A whole week dilutes a fall of some days, so that a part of it, one of so many, is enough. */
const WEEK_PART = 2

/** What the share of cache reads is compared with. */
interface Measure {
  readonly reads: bigint
  readonly prompt: bigint
  readonly origin: 'week before' | 'others'
}

/** Use that reads much less of its prompts from the cache than it did, or than others do with the same model. */
export function cacheReadsAdvice(input: AdviceInput, billing: Billing): readonly Found[] {
  const uses = groupUse(input.last7Days, billing, BY)
  const before = new Map(groupUse(input.before, billing, BY).map((use) => [keyOf(use), use]))
  const prices = pricesByModel(input.prices)
  const weekPico = useCostPico(sumUse(uses))
  return uses.flatMap((use) => {
    if (!goesOn(use)) return []
    const own = prices.get(use.names.model)
    const measure = ownBefore(use, before.get(keyOf(use)), input) ?? ofOthers(use, uses, input)
    return own === undefined || measure === null ? [] : adviceOn(use, measure, own, weekPico)
  })
}

function ownBefore(use: Use, before: Use | undefined, input: AdviceInput): Measure | null {
  return before === undefined ? null : measureIfHigher(use, before, 'week before', input)
}

/** Sub-agents live shorter than conversations with people, so that each is compared with its like. */
function ofOthers(use: Use, uses: readonly Use[], input: AdviceInput): Measure | null {
  const isMain = ({ names }: Use) => names.agent === MAIN_AGENT
  const others = uses.filter(
    (other) =>
      other !== use &&
      other.names.source === use.names.source &&
      other.names.model === use.names.model &&
      isMain(other) === isMain(use),
  )
  return measureIfHigher(use, sumUse(others), 'others', input)
}

function measureIfHigher(
  use: Use,
  other: Pick<Use, 'values'>,
  origin: Measure['origin'],
  { thresholds }: AdviceInput,
): Measure | null {
  const prompt = usePrompt(other)
  const isEnough = (tokens: bigint) => tokens > 0n && Number(tokens) >= thresholds.cache_drop_tokens
  if (!isEnough(prompt) || !isEnough(usePrompt(use))) return null
  const measure = { reads: useTokens(other, 'cache_read'), prompt, origin }
  const drop = origin === 'week before' ? thresholds.cache_drop_ratio / WEEK_PART : thresholds.cache_drop_ratio
  return ratioOf(measure) - ratioOf(measureOf(use)) > drop ? measure : null
}

function adviceOn(use: Use, measure: Measure, own: ModelPrices, weekPico: bigint): readonly Found[] {
  const { billing, names } = use
  const terms = termsOf(use, measure, own)
  const saving = savingOf(terms, { paidPico: useCostPico(use), listPico: listCostPico(use, own) })
  if (!isWorthwhile(saving.pico, weekPico)) return []
  const moved = terms.reduce((sum, { tokens }) => sum + tokens, 0n)
  const labels = labelsOf(use)
  const reads = percentText(ratioOf(measureOf(use)))
  const compared = percentText(ratioOf(measure))
  return [
    {
      weightPico: saving.pico,
      advice: {
        id: adviceId('cache_reads', labels, billing),
        kind: 'cache_reads',
        urgency: 'consider',
        title: titleOf(use, measure),
        detail: `Of its prompts with ${nameText(names.model)}, ${reads} came from the cache in the last 7 days, which ${costText(useCostPico(use), billing)}; ${comparison(measure, compared)}. With that share ${tokensText(moved)} would have been read from the cache. ${cause(measure)}${planText(billing)}`,
        ...amountOfBilling(billing, saving.pico),
        formula: saving.formula,
        labels,
      },
    },
  ]
}

function titleOf(use: Use, { origin }: Measure): string {
  const subject = subjectText(use.names)
  if (origin === 'week before') return `Find out why ${subject} reads less from the cache than a week ago.`
  const usesCache = (['cache_write_5m', 'cache_write_1h', 'cache_read'] as const).some(
    (name) => useTokens(use, name) > 0n,
  )
  return usesCache ? `Let ${subject} read more from the cache.` : `Switch prompt caching on for ${subject}.`
}

function comparison({ origin }: Measure, ratio: string): string {
  return origin === 'week before'
    ? `the week before it was ${ratio}`
    : `others like it with the same model read ${ratio}`
}

function cause({ origin }: Measure): string {
  const usual = 'Pauses longer than the cache lives and changes early in the prompt are the usual causes'
  return origin === 'week before' ? `${usual}.` : `${usual}; if its requests have little in common, the share is right.`
}

/** The tokens that would be cache reads at the share of the measure, rounded down. */
function termsOf(use: Use, measure: Measure, own: ModelPrices): readonly Term[] {
  let rest = (usePrompt(use) * measure.reads) / measure.prompt - useTokens(use, 'cache_read')
  const to = own.cache_read
  if (to === undefined) return []
  return MISSED.flatMap((tokenClass) => {
    const from = own[tokenClass]
    const available = useTokens(use, tokenClass)
    const tokens = rest < available ? rest : available
    rest -= tokens
    return from === undefined || tokens <= 0n || from <= to ? [] : [{ tokens, tokenClass, from, to }]
  })
}

function measureOf(use: Use): Pick<Measure, 'reads' | 'prompt'> {
  return { reads: useTokens(use, 'cache_read'), prompt: usePrompt(use) }
}

/** Only where the prompt is not empty. */
function ratioOf({ reads, prompt }: Pick<Measure, 'reads' | 'prompt'>): number {
  return Number(reads) / Number(prompt)
}

function keyOf({ names }: Use): string {
  return JSON.stringify(names)
}
