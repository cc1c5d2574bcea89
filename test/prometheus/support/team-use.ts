import { PICO_PER_USD } from '../../../src/core/money.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** A Monday. */
export const MONDAY = Date.parse('2026-08-03T00:00:00Z')
export const WEEK_MS = 7 * DAY_MS
/** A Monday before all that happens. */
const LONG_AGO = MONDAY - 52 * WEEK_MS
export const STEP_MS = 5 * MINUTE_MS

/** What was used in 5 minutes. */
export interface Use {
  /** Start of the 5 minutes, epoch milliseconds. */
  readonly time: number
  readonly agent: string
  readonly project: string
  readonly costPico: bigint
  /** Tokens that are not read from the cache, and those that are. */
  readonly newTokens: number
  readonly cacheReadTokens: number
}

const TEAM = ['shop', 'shop', 'shop', 'web', 'web']
/** Dollars and new tokens that a person uses in 5 minutes of work, on average. */
const USD_PER_STEP = 0.024
const TOKENS_PER_STEP = 490
const CACHE_READS_PER_NEW_TOKEN = 15

/**
 * Five people from 9 to 18 on working days, in bursts: each works for half to two hours, then pauses, and a few minutes
 * cost many times what others do. About $8 and 170,000 new tokens a
 * day, also when they are fewer.
 */
export function teamUse(from: number, to: number, seed: number, people = TEAM): readonly Use[] {
  const random = randomFrom(seed)
  return people.flatMap((project) => {
    let isAtWork = true
    const uses: Use[] = []
    for (let time = from; time < to; time += STEP_MS) {
      const hour = ((time - LONG_AGO) / 3_600_000) % 24
      const day = Math.floor((time - LONG_AGO) / DAY_MS) % 7
      if (random() < (isAtWork ? 0.07 : 0.12)) isAtWork = !isAtWork
      const factor = (Math.exp(0.9 * normal(random) - 0.4) * TEAM.length) / people.length
      if (day < 5 && hour >= 9 && hour < 18 && isAtWork) uses.push(useOf(time, { agent: 'none', project, factor }))
    }
    return uses
  })
}

/** A job in a project of the team, from 2 to 3 at night: $2. */
export function nightlyUse(from: number, to: number): readonly Use[] {
  const uses: Use[] = []
  for (let time = from; time < to; time += STEP_MS) {
    const hour = ((time - LONG_AGO) / 3_600_000) % 24
    if (hour < 2 || hour >= 3) continue
    uses.push({
      time,
      agent: 'none',
      project: 'shop',
      costPico: pico(2 / 12),
      newTokens: 2_000,
      cacheReadTokens: 100_000,
    })
  }
  return uses
}

function useOf(time: number, { agent, project, factor }: { agent: string; project: string; factor: number }): Use {
  const newTokens = Math.round(TOKENS_PER_STEP * factor)
  const cacheReadTokens = newTokens * CACHE_READS_PER_NEW_TOKEN
  return { time, agent, project, costPico: pico(USD_PER_STEP * factor), newTokens, cacheReadTokens }
}

function pico(usd: number): bigint {
  return (BigInt(Math.round(usd * 1e6)) * PICO_PER_USD) / 1_000_000n
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
