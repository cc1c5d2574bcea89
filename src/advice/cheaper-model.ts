import { countText, usdText } from '../core/figure-text.ts'
import { type Billing, TOKEN_CLASSES } from '../core/usage.ts'
import { nameText } from '../lib/name-text.ts'
import type { AdviceInput, AdviceUsage } from './advice.ts'
import { adviceId, amountOfBilling, type Found } from './found.ts'
import { listCostPico, type ModelPrices, pricesByModel } from './model-prices.ts'
import { type Candidate, cheaperModel } from './model-tier.ts'
import { isWorthwhile, savingOf, type Term } from './saving.ts'
import { costText, planText, subjectText, tokensText, UNKNOWN } from './text.ts'
import {
  goesOn,
  groupUse,
  labelsOf,
  MAIN_AGENT,
  sumUse,
  type Use,
  useCostPico,
  usePrompt,
  useRequests,
  useTokens,
  useTotal,
} from './use.ts'

/**
 * With longer prompts on average no model of the smallest tier is named: from 100,000 tokens on it may cost several times
 * as much, and the longest prompts of a conversation that grows evenly have twice the tokens of its mean.
 */
const SMALLEST_PROMPT_TOKENS = 50_000n
/** Of a main conversation only this part is counted, because only a part of it is routine. */
const MAIN_ONE_OF = 10n

/** Agents whose tokens would have cost less with another model, priced with the list prices of both. */
export function cheaperModelAdvice(input: AdviceInput, billing: Billing): readonly Found[] {
  const prices = pricesByModel(input.prices)
  const weekPico = useCostPico(sumUse(groupUse(input.last7Days, billing, [])))
  // A main conversation differs from project to project; an agent of its own has one task.
  const isMain = ({ agent }: AdviceUsage) => agent === MAIN_AGENT
  const main = input.last7Days.filter(isMain)
  const named = input.last7Days.filter((row) => !isMain(row))
  const uses = [
    ...groupUse(main, billing, ['source', 'agent', 'project', 'provider', 'model']),
    ...groupUse(named, billing, ['source', 'agent', 'provider', 'model']),
  ]
  return uses.filter(goesOn).flatMap((use) => adviceOn(use, uses, { prices, weekPico }))
}

interface Context {
  readonly prices: ReadonlyMap<string, ModelPrices>
  /** Of all use under the billing. */
  readonly weekPico: bigint
}

function adviceOn(use: Use, uses: readonly Use[], { prices, weekPico }: Context): readonly Found[] {
  const { model } = use.names
  const own = prices.get(model)
  if (own === undefined) return []
  const hasLongPrompts = usePrompt(use) > SMALLEST_PROMPT_TOKENS * useRequests(use)
  const candidate = cheaperModel(model, prices.keys(), (other, isSmallest) => {
    if (isSmallest && hasLongPrompts) return false
    return termsOf(use, own, prices.get(other) ?? {}) !== null
  })
  const terms = candidate && termsOf(use, own, prices.get(candidate.model) ?? {})
  if (candidate === null || terms === null || hasMoved(use, uses, candidate.model)) return []
  const paid = { paidPico: useCostPico(use), listPico: listCostPico(use, own) }
  const isPart = use.names.agent === MAIN_AGENT && candidate.kind === 'smaller'
  const saving = savingOf(terms, paid, isPart ? MAIN_ONE_OF : 1n)
  if (!isWorthwhile(saving.pico, weekPico)) return []
  const labels = labelsOf(use)
  return [
    {
      weightPico: saving.pico,
      advice: {
        id: adviceId('cheaper_model', labels, use.billing),
        kind: 'cheaper_model',
        urgency: 'consider',
        title: titleOf(use, candidate),
        detail: detailOf(use, candidate, savingOf(terms, paid).pico),
        ...amountOfBilling(use.billing, saving.pico),
        formula: saving.formula,
        labels,
      },
    },
  ]
}

/** Whether the other model has taken over: it was seen on a later day. Another provider of it counts too. */
function hasMoved({ names, daysAgo }: Use, uses: readonly Use[], model: string): boolean {
  return uses.some(
    (other) =>
      other.names.model === model &&
      other.names.source === names.source &&
      other.names.agent === names.agent &&
      other.names.project === names.project &&
      other.daysAgo < daysAgo,
  )
}

/** Null where a class that was used has no price, or would cost more, or nothing would cost less. */
function termsOf(use: Use, own: ModelPrices, other: ModelPrices): readonly Term[] | null {
  const terms: Term[] = []
  for (const tokenClass of TOKEN_CLASSES) {
    const tokens = useTokens(use, tokenClass)
    if (tokens === 0n) continue
    const from = own[tokenClass]
    const to = other[tokenClass]
    if (from === undefined || to === undefined || to > from) return null
    terms.push({ tokens, tokenClass, from, to })
  }
  return terms.some(({ from, to }) => to < from) ? terms : null
}

function titleOf({ names }: Use, candidate: Candidate): string {
  const subject = subjectText(names)
  const model = nameText(names.model)
  const other = nameText(candidate.model)
  if (candidate.kind === 'newer') return `Move ${subject} from ${model} to ${other}.`
  if (names.agent === MAIN_AGENT) return `Try ${other} instead of ${model} for routine work in ${subject}.`
  return `Run ${subject} on ${other} instead of ${model}.`
}

function detailOf(use: Use, { kind, model, isSmallest }: Candidate, wholePico: bigint): string {
  const { names, billing } = use
  const requests = useRequests(use)
  const other = nameText(model)
  const used = `In the last 7 days ${countText(requests)} requests with ${tokensText(useTotal(use))} of ${nameText(names.model)} ${costText(useCostPico(use), billing)}.`
  const meanPrompt = requests === 0n ? 0n : usePrompt(use) / requests
  const longPrompts = isSmallest
    ? ` Prompts had ${tokensText(meanPrompt)} on average; for much longer ones ${other} may cost more than reckoned here.`
    : ''
  const { provider } = names
  const isOffered = provider === 'anthropic' ? '' : offeredText(provider, other)
  return `${used} ${argument(kind, names.agent, other, wholePico)}${longPrompts}${isOffered}${planText(billing)}`
}

function offeredText(provider: string, other: string): string {
  if (provider === UNKNOWN) return ` Which provider it is, and whether that offers ${other}, is not known here.`
  return ` Whether ${nameText(provider)} offers it is not known here.`
}

function argument(kind: Candidate['kind'], agent: string, other: string, wholePico: bigint): string {
  if (kind === 'newer') {
    return `${other} is newer, of the same family, and costs less per token; what speaks against it is that a newer model may count more tokens for the same text and should be tried first.`
  }
  if (agent === MAIN_AGENT) {
    return `Answers may be worse, so that only a tenth of the work is counted, as routine; all of it at the prices of ${other} would be ${usdText(wholePico)} less in 30 days. Agents with a narrow task are the better candidates.`
  }
  return 'An agent with a task of its own is a good candidate for a smaller model; what speaks against it is that answers may be worse, and that another model may need more tokens for the same work.'
}
