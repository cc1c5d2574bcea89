import { HOUR_MS, MINUTE_MS } from '../../core/time.ts'
import type { TokenCounts } from '../../core/usage.ts'
import type { Random } from './random.ts'
import type { SessionHabit } from './role.ts'

const CACHE_LIFE_MS = { '5m': 5 * MINUTE_MS, '1h': HOUR_MS, automatic: 10 * MINUTE_MS, none: 0 } as const
/** What is left of a conversation once it was summarised, as a share of the longest prompt. */
const SUMMARY_SHARE = 0.2
/** System prompt and tools: the same in all sessions, so that others may keep them in the cache. */
const SHARED_TOKENS = 6_500
const SHARED_CHANCE = 0.7
/** How much of the cache still matches where prompts changed at their beginning. */
const LOST_SHARE = 0.72

/** A prompt that grows from call to call, and what of it is in the cache. */
export interface Conversation {
  /** The next call, at a time in epoch milliseconds, not before the call before it. */
  next(time: number): TokenCounts
}

type PromptHabit = Pick<SessionHabit, 'openingTokens' | 'addedTokens' | 'outputTokens' | 'contextLimit' | 'cache'>

export function openConversation(habit: PromptHabit, losesCache: boolean, random: Random): Conversation {
  let prompt = 0
  let output = 0
  let cached = 0
  let cachedUntil = Number.NEGATIVE_INFINITY

  return {
    next(time) {
      prompt = prompt === 0 ? random.within(habit.openingTokens) : prompt + output + random.within(habit.addedTokens)
      if (prompt > habit.contextLimit) {
        prompt = Math.round(habit.contextLimit * SUMMARY_SHARE) + random.within(habit.addedTokens)
        cached = SHARED_TOKENS
      }
      const read = readTokens(time)
      output = random.within(habit.outputTokens)
      cached = prompt
      cachedUntil = time + CACHE_LIFE_MS[habit.cache]
      return divide(prompt, read, output, habit.cache, random)
    },
  }

  function readTokens(time: number): number {
    if (habit.cache === 'none') return 0
    const isLost = losesCache && random.chance(LOST_SHARE)
    const isShared = random.chance(SHARED_CHANCE)
    if (isLost) return 0
    if (time <= cachedUntil) return Math.min(cached, prompt)
    return isShared ? Math.min(SHARED_TOKENS, prompt) : 0
  }
}

function divide(
  prompt: number,
  read: number,
  output: number,
  cache: SessionHabit['cache'],
  random: Random,
): TokenCounts {
  const rest = prompt - read
  if (cache === 'automatic' || cache === 'none') {
    return { input: rest, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: read, output }
  }
  const input = Math.min(rest, random.within([3, 14]))
  const write = rest - input
  return {
    input,
    cacheWrite5m: cache === '5m' ? write : 0,
    cacheWrite1h: cache === '1h' ? write : 0,
    cacheRead: read,
    output,
  }
}
