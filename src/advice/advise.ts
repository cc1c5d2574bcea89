import type { Advice, AdviceInput } from './advice.ts'

/** The most urgent first, then what saves most. Empty where nothing is worth doing. */
export function advise(_input: AdviceInput): readonly Advice[] {
  return []
}
