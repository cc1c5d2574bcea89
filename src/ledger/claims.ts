import { MEASURE } from '../core/measures.ts'
import { PICO_PER_USD } from '../core/money.ts'

/** Totals of one model in one session, by whoever's account. */
export interface ModelTotals {
  readonly input: bigint
  readonly output: bigint
  readonly cacheRead: bigint
  readonly cacheWrite: bigint
  readonly costPico: bigint
}

/**
 * What the agent was billed for that stands on no log line: its own running total less the responses in the log, and
 * less what the session it was forked from had brought along. Never negative: a total that lags behind says nothing.
 */
export function unloggedTotals(claim: ModelTotals, logged: ModelTotals, inherited: ModelTotals | null): ModelTotals {
  const rest = (name: keyof ModelTotals) => {
    const difference = claim[name] - logged[name] - (inherited?.[name] ?? 0n)
    return difference > 0n ? difference : 0n
  }
  return {
    input: rest('input'),
    output: rest('output'),
    cacheRead: rest('cacheRead'),
    cacheWrite: rest('cacheWrite'),
    costPico: rest('costPico'),
  }
}

/** The larger of each figure: what was shown once is not taken back. */
export function raise(shown: ModelTotals, next: ModelTotals): ModelTotals {
  const larger = (name: keyof ModelTotals) => {
    if (next[name] > shown[name]) return next[name]
    return shown[name]
  }
  return {
    input: larger('input'),
    output: larger('output'),
    cacheRead: larger('cacheRead'),
    cacheWrite: larger('cacheWrite'),
    costPico: larger('costPico'),
  }
}

export const NO_TOTALS: ModelTotals = { input: 0n, output: 0n, cacheRead: 0n, cacheWrite: 0n, costPico: 0n }

/** Totals from the measures of a sum of responses. */
export function totalsOf(values: readonly (number | bigint)[]): ModelTotals {
  const at = (index: number) => BigInt(values[index] ?? 0)
  return {
    input: at(MEASURE.input),
    output: at(MEASURE.output),
    cacheRead: at(MEASURE.cache_read),
    cacheWrite: at(MEASURE.cache_write_5m) + at(MEASURE.cache_write_1h),
    costPico: at(MEASURE.cost_usd) * PICO_PER_USD + at(MEASURE.cost_pico),
  }
}
