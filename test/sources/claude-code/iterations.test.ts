import { describe, expect, it } from 'vitest'
import { divideResponse } from '../../../src/sources/claude-code/iterations.ts'
import { tokens } from './support.ts'

const MODEL = 'claude-opus-4-8'

/** A response of 100 in, 50 out, 1000 + 400 written, 7000 read, in parts of [model, tokens]. */
function divide(iterations: unknown, whole = tokens(100, 50, 1000, 400, 7000)) {
  const check = { bad: false }
  const { parts, isReconciled } = divideResponse({ model: MODEL, tokens: whole, webSearches: 2 }, iterations, check)
  return { parts: parts.map((part) => [part.model, part.tokens]), isReconciled, isBad: check.bad, first: parts[0] }
}

const WHOLE = [[MODEL, tokens(100, 50, 1000, 400, 7000)]]

describe('divideResponse', () => {
  it.each([{ iterations: undefined }, { iterations: null }, { iterations: [] }])(
    'keeps the response whole for $iterations',
    ({ iterations }) => {
      expect(divide(iterations)).toMatchObject({ parts: WHOLE, isReconciled: true })
    },
  )

  it.each([
    {
      what: 'an unknown type',
      iterations: [{ type: 'message', input_tokens: 100, output_tokens: 50 }, { type: 'new' }],
    },
    { what: 'an entry without a type', iterations: [{ input_tokens: 100, output_tokens: 50 }] },
    { what: 'an entry that is no object', iterations: [null] },
    { what: 'no list', iterations: { type: 'message' } },
    { what: 'entries that do not add up', iterations: [{ type: 'message', input_tokens: 99, output_tokens: 50 }] },
    {
      what: 'only work outside of the response',
      iterations: [{ type: 'compaction', input_tokens: 9, output_tokens: 9 }],
    },
    { what: 'too many entries', iterations: Array.from({ length: 257 }, () => ({ type: 'message' })) },
  ])('keeps the response whole and says so for $what', ({ iterations }) => {
    expect(divide(iterations)).toMatchObject({ parts: WHOLE, isReconciled: false })
  })

  it('takes a single message for the response', () => {
    const entry = { type: 'message', input_tokens: 100, output_tokens: 50, cache_creation_input_tokens: 1400 }
    expect(divide([{ ...entry, cache_read_input_tokens: 7000 }])).toMatchObject({ parts: WHOLE, isReconciled: true })
  })

  it('leaves counts that no entry has, and the split, as the response has them', () => {
    expect(divide([{ type: 'message', input_tokens: 100, output_tokens: 50 }])).toMatchObject({ parts: WHOLE })
  })

  it('makes a part of every turn, for each is priced by its own prompt', () => {
    const iterations = [
      { type: 'message', input_tokens: 60, output_tokens: 20, cache_read_input_tokens: 3000 },
      { type: 'message', input_tokens: 40, output_tokens: 30, cache_read_input_tokens: 4000 },
    ]
    expect(divide(iterations)).toMatchObject({
      parts: [
        [MODEL, tokens(60, 20, 1000, 400, 3000)],
        [MODEL, tokens(40, 30, 0, 0, 4000)],
      ],
      isReconciled: true,
    })
  })

  it('shares the one hour writes among turns without a split of their own', () => {
    const iterations = [
      { type: 'message', input_tokens: 60, output_tokens: 20, cache_creation_input_tokens: 300 },
      { type: 'message', input_tokens: 40, output_tokens: 30, cache_creation_input_tokens: 1100 },
    ]
    expect(divide(iterations).parts).toEqual([
      [MODEL, tokens(60, 20, 0, 300, 7000)],
      [MODEL, tokens(40, 30, 1000, 100, 0)],
    ])
  })

  it('takes the split of a turn where it has one', () => {
    const split = { ephemeral_5m_input_tokens: 1000, ephemeral_1h_input_tokens: 400 }
    const iterations = [{ type: 'message', input_tokens: 100, output_tokens: 50, cache_creation: split }]
    expect(divide(iterations)).toMatchObject({ parts: WHOLE, isReconciled: true })
  })

  it('gives a fallback its own model and the response the first place', () => {
    const iterations = [
      { type: 'fallback_message', model: 'claude-haiku-4-5', input_tokens: 30, output_tokens: 10 },
      { type: 'message', input_tokens: 70, output_tokens: 40 },
    ]
    expect(divide(iterations, tokens(100, 50))).toMatchObject({
      parts: [
        [MODEL, tokens(70, 40)],
        ['claude-haiku-4-5', tokens(30, 10)],
      ],
      first: { webSearches: 2 },
    })
  })

  it('gives the response an empty first part where every token went to another model', () => {
    const iterations = [{ type: 'fallback_message', model: 'claude-haiku-4-5', input_tokens: 100, output_tokens: 50 }]
    expect(divide(iterations, tokens(100, 50)).parts).toEqual([
      [MODEL, tokens(0, 0)],
      ['claude-haiku-4-5', tokens(100, 50)],
    ])
  })

  it('adds compaction and advice on top, writes without a split as the five minute kind', () => {
    const iterations = [
      { type: 'compaction', input_tokens: 9, output_tokens: 8, cache_creation_input_tokens: 7 },
      { type: 'message', input_tokens: 100, output_tokens: 50 },
      { type: 'advisor_message', input_tokens: 6, output_tokens: 5 },
    ]
    expect(divide(iterations)).toMatchObject({
      parts: [...WHOLE, [MODEL, tokens(9, 8, 7)], ['unknown', tokens(6, 5)]],
      isReconciled: true,
    })
  })

  it('adds nothing where the response has everything already', () => {
    const iterations = [
      { type: 'message', input_tokens: 60, output_tokens: 20 },
      { type: 'advisor_message', model: 'claude-fable-5-2', input_tokens: 40, output_tokens: 30 },
    ]
    expect(divide(iterations, tokens(100, 50)).parts).toEqual([
      [MODEL, tokens(60, 20)],
      ['claude-fable-5-2', tokens(40, 30)],
    ])
  })

  it('counts what only compaction used, where the response itself is empty', () => {
    const iterations = [{ type: 'compaction', input_tokens: 9, output_tokens: 8 }]
    expect(divide(iterations, tokens(0, 0)).parts).toEqual([[MODEL, tokens(9, 8)]])
  })

  it('marks a count that is none', () => {
    const iterations = [{ type: 'message', input_tokens: '100', output_tokens: 50 }]
    expect(divide(iterations)).toMatchObject({ isBad: true, isReconciled: false })
  })
})
