import type { RecordedCost, SourceName } from '../core/usage.ts'

/**
 * When a cost in the log is used instead of the calculated one. `auto` is the default: what the provider billed, then
 * the estimate of pi and OpenClaw, then the calculation, then Claude Code's estimate. `calculate`: only where nothing
 * can be calculated. `recorded`: wherever there is one.
 */
export type RecordedCostMode = 'auto' | 'calculate' | 'recorded'

/**
 * Whether the recorded cost is the cost of the response.
 *
 * @param isPriced whether every token has a price, so that a calculation would be complete
 */
export function usesRecorded(
  recorded: RecordedCost,
  mode: RecordedCostMode,
  source: SourceName,
  isPriced: boolean,
): boolean {
  if (!isStatement(recorded)) return false
  if (mode === 'recorded') return true
  if (mode === 'calculate' || isClaudeCodeEstimate(recorded, source)) return !isPriced
  return true
}

/** An estimate of 0 means that the agent knew no price; only the provider can say that something was free. */
function isStatement({ origin, pico }: RecordedCost): boolean {
  return origin === 'provider' ? pico >= 0n : pico > 0n
}

/** `costUSD`: the versions that wrote it priced 1-hour cache writes as 5-minute ones, so a calculation is better. */
function isClaudeCodeEstimate({ origin }: RecordedCost, source: SourceName): boolean {
  return origin === 'client' && source === 'claude-code'
}
