import type { Advice, AdviceInput } from './advice.ts'
import { cacheReadsAdvice } from './cache-reads.ts'
import { cacheWritesAdvice } from './cache-writes.ts'
import { cheaperModelAdvice } from './cheaper-model.ts'
import { compareFound, type Found } from './found.ts'
import { longSessionsAdvice } from './long-sessions.ts'
import { setPriceAdvice } from './set-price.ts'
import { spendLessAdvice } from './spend-less.ts'
import { stopSessionAdvice } from './stop-session.ts'
import { historyText } from './text.ts'

/** More than this nobody follows. */
const MAX_ADVICE = 8
const MAX_OF_A_KIND = 3

const URGENT = [stopSessionAdvice, spendLessAdvice] as const
const BILLINGS = ['metered', 'plan'] as const

/**
 * The most urgent first, then what saves most; at most 8, and 3 of a kind and billing. Empty where nothing is worth doing. Amounts are
 * each on their own: where two are about the same tokens they do not add up.
 */
export function advise(input: AdviceInput): readonly Advice[] {
  const urgent = URGENT.flatMap((kind) => largest(kind(input)))
  const saving = BILLINGS.flatMap((billing) => [
    ...largest(cheaperModelAdvice(input, billing)),
    ...largest(largerPerUse([...cacheReadsAdvice(input, billing), ...cacheWritesAdvice(input, billing)])),
    ...largest(longSessionsAdvice(input, billing)),
  ]).sort(compareFound)
  const unpriced = setPriceAdvice(input).slice(0, MAX_OF_A_KIND)
  // Without a price the other amounts are too low, so that one of these is always told.
  const first = [...urgent, ...saving].slice(0, MAX_ADVICE - Math.min(1, unpriced.length))
  return [...first, ...unpriced].slice(0, MAX_ADVICE).map(({ advice }) => withHistory(advice, input))
}

function withHistory(advice: Advice, { historyMs }: AdviceInput): Advice {
  const hasAmount = advice.savingPico !== null || advice.planValuePico !== null
  return hasAmount ? { ...advice, detail: advice.detail + historyText(historyMs) } : advice
}

function largest(found: readonly Found[]): readonly Found[] {
  return [...found].sort(compareFound).slice(0, MAX_OF_A_KIND)
}

/** Reading too little and writing too much are two sides of one thing: the larger is told. */
function largerPerUse(found: readonly Found[]): readonly Found[] {
  const kept = new Map<string, Found>()
  for (const one of [...found].sort(compareFound)) {
    const key = JSON.stringify(one.advice.labels)
    if (!kept.has(key)) kept.set(key, one)
  }
  return [...kept.values()]
}
