import type { ServiceTerms, TokenCounts } from '../core/usage.ts'
import type { Match } from './match.ts'
import type { ModelRow } from './models.ts'
import type { PriceList, Surcharge } from './price-list.ts'
import type { Rate } from './pricing.ts'

/**
 * The rate of one request: the fast list where one is in force, else the long-prompt list, else the standard list,
 * with at most one surcharge and the batch discount. Priority tier is contract business; it is priced as standard.
 *
 * @param time epoch milliseconds
 * @param regionFactor whether a regional Bedrock id costs more
 */
export function findRate(
  match: Match,
  time: number,
  tokens: TokenCounts,
  terms: ServiceTerms,
  regionFactor: boolean,
): Rate | null {
  const { row } = match
  if (row === null) return null
  const prompt = tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.cacheRead
  const isFast = match.isFast || terms.speed === 'fast'
  const list =
    (isFast ? inForce(row.fast, time, prompt) : null) ?? inForce(row.long, time, prompt) ?? standardList(row, time)
  if (list === null) return null
  const rates = list.rates[surcharge(match, terms, regionFactor)]
  return terms.tier === 'batch' ? rates.batch : rates.plain
}

/** The standard list in force at a time (epoch milliseconds); before the first dated one, the oldest known. */
export function standardList({ standard }: ModelRow, time: number): PriceList | null {
  let found = standard[0] ?? null
  for (const list of standard) if (list.from <= time) found = list
  return found
}

function inForce(lists: readonly PriceList[], time: number, prompt: number): PriceList | null {
  for (const list of lists) {
    if (list.from <= time && time < list.until && prompt > list.thresholdTokens) return list
  }
  return null
}

function surcharge(match: Match, terms: ServiceTerms, regionFactor: boolean): Surcharge {
  if (terms.usInference && match.isFirstParty && match.row?.usInference) return 'us'
  if (regionFactor && match.isRegional && match.row?.regionalPremium) return 'region'
  return 'none'
}
