import { MINUTE_MS } from '../../core/time.ts'
import { plausibleBetween } from '../plausible.ts'
import type { DemoCall, DemoWorld } from '../world.ts'

/** At any time of the demo, an agent runs away within this time. */
export const RUNAWAY_WITHIN_MS = 150 * MINUTE_MS
/** What the alert rules look at. */
const WINDOW_MINUTES = 5
/** Thresholds in percent of what the runaway comes to. */
const CAUGHT_PERCENT = { least: 50n, most: 65n }
/** Below these, tokens per minute, nobody runs away: such a threshold would catch ordinary work. */
const LEAST_SESSION_RATE = 1_500_000n
const LEAST_AGENT_RATE = 30_000n

/** `alerts` with which the runaway that is about to come is caught; what is left out stays as it is by default. */
export function demoAlerts(world: DemoWorld, now: number): object {
  const calls = world.callsBetween(now, now + RUNAWAY_WITHIN_MS)
  return {
    ...threshold(
      'session_rate_tokens',
      highestRate(calls, ({ session }) => session, allTokens),
      LEAST_SESSION_RATE,
    ),
    ...threshold('agent_rate_tokens', highestRate(calls, agentOf, newTokens), LEAST_AGENT_RATE),
  }
}

function threshold(name: string, rate: bigint, least: bigint): object {
  const low = (rate * CAUGHT_PERCENT.least) / 100n
  return low < least ? {} : { [name]: Number(plausibleBetween(low, (rate * CAUGHT_PERCENT.most) / 100n)) }
}

/** Tokens per minute of the one that uses most. */
function highestRate(
  calls: readonly DemoCall[],
  keyOf: (call: DemoCall) => string,
  tokensOf: (call: DemoCall) => number,
): bigint {
  const sums = new Map<string, number>()
  for (const call of calls) {
    const key = `${Math.floor(call.time / (WINDOW_MINUTES * MINUTE_MS))} ${keyOf(call)}`
    sums.set(key, (sums.get(key) ?? 0) + tokensOf(call))
  }
  return BigInt(Math.floor(Math.max(0, ...sums.values()) / WINDOW_MINUTES))
}

function agentOf({ source, agent }: DemoCall): string {
  return `${source} ${agent ?? 'main'}`
}

function allTokens(call: DemoCall): number {
  return newTokens(call) + call.tokens.cacheRead
}

function newTokens({ tokens }: DemoCall): number {
  return tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.output
}
