import { PICO_PER_USD, usdFromPico } from '../../core/money.ts'
import { plausibleBetween } from '../plausible.ts'

/** Percent of a limit that are used. */
interface UsedPercent {
  readonly least: number
  readonly most: number
}

/** `limit_usd` of which the pico-dollars spent are so much; a dollar where nothing is spent. */
export function limitUsd(spentPico: bigint, used: UsedPercent): object {
  return { limit_usd: usdFromPico(limitOf(spentPico, used, PICO_PER_USD)) }
}

/** `limit_tokens` of which the tokens spent are so much; a million where nothing is spent. */
export function limitTokens(spent: bigint, used: UsedPercent): object {
  return { limit_tokens: Number(limitOf(spent, used, 1_000_000n)) }
}

function limitOf(spent: bigint, { least, most }: UsedPercent, fallback: bigint): bigint {
  const low = (spent * 100n) / BigInt(most) + 1n
  const high = (spent * 100n) / BigInt(least)
  return spent <= 0n || high < low ? fallback : plausibleBetween(low, high)
}
