import { describe, expect, it } from 'vitest'
import { isEmpty, readUsage } from '../../../src/sources/pi-log/usage.ts'

const NOTHING = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  reasoning: 0,
  unsplit: 0,
  cost: null,
}

describe('readUsage', () => {
  it.each([
    {
      when: 'its own spelling',
      usage: { input: 12, output: 300, cacheRead: 9000, cacheWrite: 700 },
      is: { input: 12, output: 300, cacheRead: 9000, cacheWrite: 700 },
    },
    { when: 'camel case', usage: { inputTokens: 1, outputTokens: 2 }, is: { input: 1, output: 2 } },
    { when: 'prompt and completion', usage: { promptTokens: 1, completionTokens: 2 }, is: { input: 1, output: 2 } },
    {
      when: 'Anthropic, whose input leaves cached tokens out',
      usage: { input_tokens: 5, output_tokens: 6, cache_read_input_tokens: 7, cache_creation_input_tokens: 8 },
      is: { input: 5, output: 6, cacheRead: 7, cacheWrite: 8 },
    },
    {
      when: 'OpenAI, whose prompt includes cached tokens',
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: 40 },
      },
      is: { input: 60, output: 20, cacheRead: 40 },
    },
    {
      when: 'OpenAI responses',
      usage: { input_tokens: 100, output_tokens: 20, input_tokens_details: { cached_tokens: 30 } },
      is: { input: 70, output: 20, cacheRead: 30 },
    },
    {
      when: 'Moonshot',
      usage: { prompt_tokens: 50, completion_tokens: 1, cached_tokens: 50 },
      is: { output: 1, cacheRead: 50 },
    },
    {
      when: 'its own spelling beside the one of a provider',
      usage: { input: 60, output: 20, cacheRead: 40, prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 40 } },
      is: { input: 60, output: 20, cacheRead: 40 },
    },
    { when: 'null beside another spelling', usage: { input: null, inputTokens: 3 }, is: { input: 3 } },
    {
      when: 'reasoning, a part of output',
      usage: { output: 300, reasoning: 120 },
      is: { output: 300, reasoning: 120 },
    },
    {
      when: 'one-hour writes, a part of writes',
      usage: { cacheWrite: 1000, cacheWrite1h: 400 },
      is: { cacheWrite: 1000, cacheWrite1h: 400 },
    },
    {
      when: 'one-hour writes without a total',
      usage: { cacheWrite1h: 400 },
      is: { cacheWrite: 400, cacheWrite1h: 400 },
    },
    {
      when: 'one-hour writes beside a total of 0',
      usage: { cacheWrite: 0, cacheWrite1h: 400 },
      is: { cacheWrite: 400, cacheWrite1h: 400 },
    },
    {
      when: 'more one-hour writes than writes',
      usage: { cacheWrite: 100, cacheWrite1h: 400 },
      is: { cacheWrite: 100, cacheWrite1h: 100 },
    },
    { when: 'only a total', usage: { totalTokens: 500 }, is: { unsplit: 500 } },
    {
      when: 'a total above the parts',
      usage: { input: 10, output: 20, total: 50 },
      is: { input: 10, output: 20, unsplit: 20 },
    },
    {
      when: 'a total below the parts',
      usage: { input: 10, output: 20, total_tokens: 5 },
      is: { input: 10, output: 20 },
    },
    { when: 'a whole number with a fraction of 0', usage: JSON.parse('{"input":6.0}'), is: { input: 6 } },
    { when: 'nothing', usage: {}, is: {} },
  ])('reads $when', ({ usage, is }) => {
    const check = { bad: false }
    expect(readUsage(usage, check)).toEqual({ ...NOTHING, ...is })
    expect(check.bad).toBe(false)
  })

  it.each([
    { when: 'a negative input (cached tokens subtracted twice)', usage: { input: -500, output: 7 }, is: { output: 7 } },
    {
      when: 'fewer prompt tokens than cached ones',
      usage: { prompt_tokens: 3, cached_tokens: 9 },
      is: { cacheRead: 9 },
    },
    { when: 'text', usage: { input: '12', output: 7 }, is: { output: 7 } },
    { when: 'a fraction', usage: { input: 1.5, output: 7 }, is: { output: 7 } },
    { when: 'more than a number can count', usage: { input: 2 ** 53, output: 7 }, is: { output: 7 } },
    { when: 'a list', usage: { input: [1], output: 7 }, is: { output: 7 } },
  ])('takes $when as 0 and says so', ({ usage, is }) => {
    const check = { bad: false }
    expect(readUsage(usage, check)).toEqual({ ...NOTHING, ...is })
    expect(check.bad).toBe(true)
  })

  it.each([
    { usage: {}, empty: true },
    { usage: { input: 0, output: 0, totalTokens: 0 }, empty: true },
    { usage: { totalTokens: 1 }, empty: false },
    { usage: { cacheRead: 1 }, empty: false },
  ])('$usage is empty: $empty', ({ usage, empty }) => {
    expect(isEmpty(readUsage(usage, { bad: false }))).toBe(empty)
  })
})
