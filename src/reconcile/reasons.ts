import { PICO_PER_USD } from '../core/money.ts'
import type { PricedUse } from './price-api-use.ts'
import type { DayFacts } from './reconcile.ts'

/** Why estimate and bill of a day differ. */
export const REASONS = [
  'not_covered',
  'unsettled',
  'unpriced_model',
  'other_use',
  'not_in_organization',
  'fees',
  'priority_tier',
  'discount',
] as const
export type ReasonCode = (typeof REASONS)[number]

/** What each reason means, as a clause that ends a sentence about the difference. */
export const REASON_TEXT: Readonly<Record<ReasonCode, string>> = {
  not_covered: 'cost or usage of the day has not been read from the provider yet',
  unsettled: 'the provider may still change the figures of the day',
  unpriced_model: 'tokens of a model without a known price are in no estimate (pricing.overrides sets one)',
  other_use:
    "the organisation used more than this machine's session logs show: other machines, programs or logs not read",
  not_in_organization:
    'the session logs show more than the organisation used: subscription logins, another organisation or another platform',
  fees: 'the bill holds costs that are not of tokens or web searches, such as code execution',
  priority_tier: 'Priority Tier tokens are paid by contract and not in this bill',
  discount: 'the bill is not at list price',
}

export interface Reason {
  readonly code: ReasonCode
  /** Pico-dollars it adds to estimate less bill, negative where it takes away; null where that cannot be told. */
  readonly pico: bigint | null
  /** Tokens it is about; null where it is not about tokens. */
  readonly tokens: bigint | null
  /** Models it is about, sorted. */
  readonly models: readonly string[]
}

const CENT_PICO = PICO_PER_USD / 100n

/** Difference in pico-dollars that needs no explanation: a percent of the bill, and always a cent. */
export function toleranceOf(billedPico: bigint): bigint {
  const percent = billedPico / 100n
  return percent > CENT_PICO ? percent : CENT_PICO
}

/** Counts within this share of each other are the same use: requests near midnight, refused requests. */
const SAME_USE_PERCENT = 2n

/**
 * The reasons for a day's difference; none within the tolerance.
 *
 * Estimate - bill = (estimate - API tokens at list price) + (those - their bill) - fees, so that amounts add up.
 */
export function findReasons(facts: DayFacts, isSettled: boolean): Reason[] {
  const { local, api, billed } = facts
  const unpriced = unpricedModel(facts)
  if (billed === null) return [plain('not_covered'), ...unpriced]
  const billedPico = total(billed, ({ amountPico }) => amountPico)
  const tolerance = toleranceOf(billedPico)
  const difference = total(local, ({ pico }) => pico) - billedPico
  if (sizeOf(difference) <= tolerance) return []
  const known = [...(api === null ? [] : useReasons(facts, api)), ...billReasons(facts)]
  return [
    ...(api === null ? [plain('not_covered')] : []),
    ...(isSettled ? [] : [plain('unsettled')]),
    ...unpriced,
    ...known.filter(({ pico }) => pico !== null && sizeOf(pico) > CENT_PICO / 100n),
  ].sort((a, b) => REASONS.indexOf(a.code) - REASONS.indexOf(b.code))
}

function plain(code: ReasonCode): Reason {
  return { code, pico: null, tokens: null, models: [] }
}

function unpricedModel({ local, api }: DayFacts): Reason[] {
  const ours = local.filter(({ unpriced }) => unpriced > 0n)
  const theirs = (api ?? []).filter(({ unpriced }) => unpriced > 0n)
  const concerned = ours.length > 0 ? ours : theirs
  if (concerned.length === 0) return []
  return [
    {
      code: 'unpriced_model',
      pico: null,
      tokens: total<{ unpriced: bigint }>(concerned, ({ unpriced }) => unpriced),
      models: namesOf(concerned),
    },
  ]
}

/** Compares the use itself, model by model. */
function useReasons({ local }: DayFacts, api: readonly PricedUse[]): Reason[] {
  const more: Difference[] = []
  const fewer: Difference[] = []
  for (const model of namesOf([...local, ...api])) {
    const ours = local.filter((use) => use.model === model)
    const theirs = api.filter((use) => use.model === model)
    const [ourTokens, theirTokens] = [total(ours, ({ tokens }) => tokens), total(theirs, ({ tokens }) => tokens)]
    const tokens = theirTokens - ourTokens
    const larger = tokens > 0n ? theirTokens : ourTokens
    if (sizeOf(tokens) * 100n <= larger * SAME_USE_PERCENT) continue
    const pico = total(ours, (use) => use.pico) - total(theirs, (use) => use.pico)
    ;(tokens > 0n ? more : fewer).push({ model, tokens: sizeOf(tokens), pico })
  }
  return [...differences('other_use', more), ...differences('not_in_organization', fewer)]
}

interface Difference {
  readonly model: string
  readonly tokens: bigint
  readonly pico: bigint
}

function differences(code: ReasonCode, found: readonly Difference[]): Reason[] {
  if (found.length === 0) return []
  const [pico, tokens] = [total(found, (entry) => entry.pico), total(found, (entry) => entry.tokens)]
  return [{ code, pico, tokens, models: namesOf(found) }]
}

/** Compares the bill with its own token counts. */
function billReasons({ api, billed }: DayFacts): Reason[] {
  const rows = billed ?? []
  const fees = total(
    rows.filter(({ costType }) => !LIKE_TOKENS.has(costType)),
    ({ amountPico }) => amountPico,
  )
  const discount = total(rows, ({ amountPico, listPico }) => (listPico === null ? 0n : listPico - amountPico))
  const isPriorityBilled = rows.some(({ serviceTier }) => serviceTier.startsWith('priority'))
  const priority = isPriorityBilled ? [] : (api ?? []).filter((use) => use.isPriority)
  return [
    { code: 'fees', pico: -fees, tokens: null, models: [] },
    {
      code: 'priority_tier',
      pico: total(priority, ({ pico }) => pico),
      tokens: total(priority, ({ tokens }) => tokens),
      models: namesOf(priority),
    },
    { code: 'discount', pico: discount, tokens: null, models: [] },
  ]
}

/** Costs that the estimate knows as well. */
const LIKE_TOKENS: ReadonlySet<string> = new Set(['tokens', 'web_search', 'none'])

function namesOf(entries: readonly { readonly model: string }[]): string[] {
  return [...new Set(entries.map(({ model }) => model))].sort()
}

function sizeOf(pico: bigint): bigint {
  return pico < 0n ? -pico : pico
}

function total<T>(items: readonly T[], amount: (item: T) => bigint): bigint {
  return items.reduce((sum, item) => sum + amount(item), 0n)
}
