import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts'
import { TOKEN_CLASSES } from '../../src/core/usage.ts'
import { createDemoWorld } from '../../src/demo/world/create-world.ts'
import type { DemoCall } from '../../src/demo/world.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import { type Groups, groupBy, hitRatio, promptTokens, tokensOf } from './world-figures.ts'

const start = Date.parse('2026-11-21T19:00:00Z')
const options = { start, days: 75, timeZone: 'Europe/Berlin' }
const world = createDemoWorld(options)
const BERLIN = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', hourCycle: 'h23' })
const history = world.callsBetween(world.from, start)

describe('a span', () => {
  it('is the sum of its parts, wherever it is cut', () => {
    const instant = fc.integer({ min: world.from - HOUR_MS, max: start + DAY_MS })
    const length = fc.integer({ min: 0, max: 9 * HOUR_MS })
    fc.assert(
      fc.property(instant, length, length, (from, first, second) => {
        const whole = world.callsBetween(from, from + first + second)
        const parts = [
          ...world.callsBetween(from, from + first),
          ...world.callsBetween(from + first, from + first + second),
        ]
        expect(parts).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })

  it('is the same in another world with the same options, asked in another order', () => {
    const other = createDemoWorld(options)
    const [late, early] = [other.callsBetween(start - 2 * HOUR_MS, start), other.callsBetween(start - DAY_MS, start)]
    expect(early).toEqual(world.callsBetween(start - DAY_MS, start))
    expect(early.slice(-late.length)).toEqual(late)
  })

  it('is ascending, holds no call twice and includes its begin but not its end', () => {
    const times = history.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(new Set(history.map(({ id }) => id)).size).toBe(history.length)
    const [call] = history.slice(1000)
    const at = call?.time ?? 0
    expect(world.callsBetween(at, at + 1)).toContainEqual(call)
    expect(world.callsBetween(at - 1, at)).not.toContainEqual(call)
  })

  it('is empty before the first day and where it ends before it begins', () => {
    expect(world.callsBetween(world.from - 30 * DAY_MS, world.from)).toEqual([])
    expect(world.callsBetween(start, start - HOUR_MS)).toEqual([])
  })
})

describe('a call', () => {
  it('has whole numbers of tokens, and some of every class are used', () => {
    const counts = history.flatMap(({ tokens }) => Object.values(tokens))
    expect(counts.every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true)
    expect(history.every(({ tokens }) => tokens.output > 0 && promptTokens(tokens) > 0)).toBe(true)
    expect(TOKEN_CLASSES.filter((name) => history.every(({ tokens }) => tokensOf(tokens)[name] === 0))).toEqual([])
  })

  it('is billed to a key of a workspace where it is metered and goes to Anthropic, else to nobody', () => {
    const isMetered = ({ source, provider }: DemoCall) => source !== 'pi' && provider === 'anthropic'
    expect(history.filter((call) => isMetered(call) !== (call.billedTo !== null))).toEqual([])
    expect(new Set(history.map(({ billedTo }) => billedTo?.workspaceId ?? null)).size).toBe(3 + 1)
    expect(new Set(history.map(({ billedTo }) => billedTo?.apiKeyId ?? null)).size).toBe(5 + 1)
  })
})

describe('web searches', () => {
  it('are made where the logs tell of them', () => {
    const searching = history.filter(({ webSearches }) => webSearches > 0)
    expect(searching.length).toBeGreaterThan(30)
    expect(new Set(searching.map(({ source }) => source))).toEqual(new Set(['claude-code']))
  })
})

describe('history', () => {
  it('begins with a whole day in the time zone', () => {
    expect(new Date(world.from).toISOString()).toBe('2026-09-06T22:00:00.000Z')
  })

  it('has a readable size', () => {
    expect(history.length).toBeGreaterThan(25_000)
    expect(history.length).toBeLessThan(50_000)
    expect([...groupBy(history, ({ source }) => source).keys()].toSorted()).toEqual(['claude-code', 'openclaw', 'pi'])
    expect(groupBy(history, ({ project }) => project).size).toBeGreaterThanOrEqual(8)
    expect(groupBy(history, ({ agent, source }) => (source === 'openclaw' ? agent : 'none')).size).toBe(5 + 1)
  })

  it('costs tens of dollars on a working day and less at weekends', () => {
    const { workdays, weekends } = dailyDollars(history)
    expect(mean(workdays)).toBeGreaterThan(25)
    expect(mean(workdays)).toBeLessThan(70)
    expect(mean(weekends)).toBeLessThan(mean(workdays) / 2)
  })

  it('grows from week to week', () => {
    const week = (from: number) => world.callsBetween(from, from + 7 * DAY_MS).length
    expect(week(start - 7 * DAY_MS)).toBeGreaterThan(1.3 * week(world.from))
  })

  it('has a project that begins, one that ends, and one that moves to another model', () => {
    const middle = (world.from + start) / 2
    const byProject = groupBy(history, ({ project }) => project)
    expect(byProject.get('mobile-app')?.[0]?.time).toBeGreaterThan(middle)
    expect(byProject.get('docs-site')?.at(-1)?.time).toBeLessThan(start - 14 * DAY_MS)
    const models = byProject
      .get('payments-api')
      ?.filter(({ agent, source }) => source === 'claude-code' && agent === null)
    expect([models?.[0]?.model, models?.at(-1)?.model]).toEqual(['claude-opus-5', 'claude-opus-5-5'])
  })

  it('reads most prompts from the cache, but for one project in the last days', () => {
    const cached = history.filter(({ provider }) => provider === 'anthropic')
    const change = start - 3 * DAY_MS
    const ratios = (calls: readonly DemoCall[]) => ratioBy(groupBy(calls, ({ project }) => project))
    for (const [project, ratio] of ratios(cached.filter(({ time }) => time < change))) {
      expect(ratio, project).toBeGreaterThan(0.7)
      expect(ratio, project).toBeLessThan(0.96)
    }
    const late = ratios(cached.filter(({ time }) => time >= change))
    expect(late.get('data-pipeline')).toBeLessThan(0.4)
    late.delete('data-pipeline')
    expect(Math.min(...late.values())).toBeGreaterThan(0.7)
  })

  it('has one model without any price and prices for all other models of Anthropic', () => {
    const pricing = createPricing()
    const unpriced = history.filter((call) => dollarsOf(call, pricing) === null)
    expect(new Set(unpriced.map(({ provider, model }) => `${provider} ${model}`))).toEqual(
      new Set(['ollama qwen3-coder:30b', 'openai gpt-5.2-codex']),
    )
  })

  it('has sub-agents that work for sessions of Claude Code', () => {
    const helpers = history.filter(({ source, agent }) => source === 'claude-code' && agent !== null)
    const main = new Set(history.filter(({ agent }) => agent === null).map(({ session }) => session))
    expect(new Set(helpers.map(({ agent }) => agent))).toEqual(new Set(['Explore', 'code-reviewer']))
    expect(helpers.filter(({ session, followsHuman }) => !main.has(session) || followsHuman)).toEqual([])
  })

  it('has humans by day and jobs at night', () => {
    const coding = history.filter(({ source, followsHuman }) => source === 'claude-code' && followsHuman)
    const hours = groupBy(coding, ({ time }) => String(berlinHour(time)))
    const night = ['1', '2', '3', '4', '5'].reduce((sum, hour) => sum + (hours.get(hour)?.length ?? 0), 0)
    expect(night).toBeLessThan(0.02 * coding.length)
    expect(hours.get('12')?.length).toBeLessThan(0.75 * (hours.get('10')?.length ?? 0))
    const jobs = history.filter(({ agent }) => agent === 'nightly')
    expect(jobs.every(({ time, followsHuman }) => new Date(time).getUTCHours() < 7 && !followsHuman)).toBe(true)
  })

  it('has a night in which an agent does not stop', () => {
    const nights = groupBy(
      history.filter(({ agent, provider }) => agent === 'nightly' && provider === 'anthropic'),
      ({ time }) => String(Math.floor(time / DAY_MS)),
    )
    const sizes = [...nights.values()].map(({ length }) => length).toSorted((a, b) => a - b)
    expect(sizes.at(-1)).toBeGreaterThan(20 * (sizes.at(sizes.length / 2) ?? 0))
    expect(nights.get(String(Math.floor(start / DAY_MS) - 11))?.length).toBe(sizes.at(-1))
  })
})

describe('other options', () => {
  it('a short history has no bad night and no end', () => {
    const short = createDemoWorld({ ...options, days: 3 })
    expect(short.callsBetween(short.from, start).length).toBeGreaterThan(500)
    expect(short.callsBetween(start + 50 * DAY_MS, start + 50 * DAY_MS + HOUR_MS).length).toBeGreaterThan(20)
  })

  it('refuse a time zone that is none', () => {
    expect(() => createDemoWorld({ ...options, timeZone: 'Mars/Olympus' })).toThrow(RangeError)
  })
})

function dailyDollars(calls: readonly DemoCall[]): { workdays: readonly number[]; weekends: readonly number[] } {
  const pricing = createPricing()
  const days = [...groupBy(calls, ({ time }) => new Date(time).toISOString().slice(0, 10))].slice(1, -1)
  const dollars = days.map(([day, those]) => ({
    isWeekend: [0, 6].includes(new Date(day).getUTCDay()),
    usd: those.reduce((sum, call) => sum + (dollarsOf(call, pricing) ?? 0), 0),
  }))
  return {
    workdays: dollars.flatMap(({ isWeekend, usd }) => (isWeekend ? [] : [usd])),
    weekends: dollars.flatMap(({ isWeekend, usd }) => (isWeekend ? [usd] : [])),
  }
}

/** Null for a model without a price. */
function dollarsOf(call: DemoCall, pricing: ReturnType<typeof createPricing>): number | null {
  const { source, model, time, tokens, webSearches } = call
  const terms = { speed: 'standard', usInference: false, tier: 'standard' } as const
  const { rate, cost } = pricing.price({ source, model, time, tokens, webSearches, terms, recorded: null })
  return rate === null ? null : Number(cost) / 1e12
}

function ratioBy(groups: Groups): Map<string, number> {
  return new Map([...groups].map(([key, calls]) => [key, hitRatio(calls)]))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function berlinHour(time: number): number {
  return Number(BERLIN.format(time).slice(0, 2)) % 24
}
