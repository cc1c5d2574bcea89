import { describe, expect, it } from 'vitest'
import { amountOf, MEASURE } from '../../src/core/measures.ts'
import { FLAG } from '../../src/core/usage.ts'
import { fold } from '../../src/ingest/fold.ts'
import { pricing } from '../support/append.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'

describe('fold', () => {
  it('example A: of three lines the one with the stop reason gives the numbers', () => {
    const usage = (output: number) => [usagePart({ input: 6, cacheWrite5m: 1800, cacheRead: 52310, output })]
    const lines = [
      usageRecord({ winRank: 2, rankOutput: 3, parts: usage(3) }),
      usageRecord({ winRank: 2, rankOutput: 3, parts: usage(3) }),
      usageRecord({ winRank: 3, rankOutput: 412, parts: usage(412) }),
    ]
    const { drafts, duplicates } = fold([sourceBatch(lines)], pricing)
    expect(drafts).toHaveLength(1)
    expect(drafts[0]?.response.numbers.parts[0]?.values.slice(0, 6)).toEqual([1, 6, 1800, 0, 52310, 412])
    expect(duplicates.get('claude-code')).toBe(2)
  })

  it('numbers and labels may come from different lines, the time is the earliest', () => {
    const original = usageRecord({ winRank: 2, rankOutput: 1, time: 1000, session: 'parent' })
    const copy = usageRecord({ winRank: 3, rankOutput: 9, time: 2000, ownerRank: 4, session: 'fork' })
    const [draft] = fold([sourceBatch([copy, original])], pricing).drafts
    expect(draft?.response.numbers).toMatchObject({ winRank: 3, rankOutput: 9 })
    expect(draft?.response.owner.session).toBe('parent')
    expect(draft?.response.time).toBe(1000)
  })

  it('a time the log has wins over one that stands in for it', () => {
    const guessed = usageRecord({ time: 1000, flags: FLAG.guessedTime })
    const [draft] = fold([sourceBatch([guessed, usageRecord({ time: 2000 })])], pricing).drafts
    expect(draft?.response).toMatchObject({ time: 2000, timeGuessed: false })
  })

  it('parts of one model at one rate become one part, of another model stay apart', () => {
    const record = usageRecord({
      parts: [
        usagePart({ input: 2, output: 85 }),
        usagePart({ input: 91_627, output: 18_716 }, 'claude-sonnet-5'),
        usagePart({ input: 2, output: 598 }),
      ],
    })
    const [draft] = fold([sourceBatch([record])], pricing).drafts
    const parts = draft?.response.numbers.parts ?? []
    expect(parts.map(({ model, values }) => [model, values[MEASURE.requests], values[MEASURE.output]])).toEqual([
      ['claude-opus-4-8', 1, 683],
      ['claude-sonnet-5', 0, 18_716],
    ])
    // 4 x $5 + 683 x $25, and 91,627 x $2 + 18,716 x $10, per million.
    expect(parts.map(({ values }) => amountOf(values, 'cost_usd'))).toEqual([17_095_000_000n, 370_414_000_000n])
  })

  it('an identity that is closed in a later batch settles the response', () => {
    const open = usageRecord({ settled: false })
    const { drafts, closed } = fold(
      [sourceBatch([open]), sourceBatch([], { closed: [open.identity, 'm:earlier'], expected: '1', cursor: '2' })],
      pricing,
    )
    expect(drafts[0]?.response.settled).toBe(true)
    expect(closed).toEqual([{ source: 'claude-code', identity: 'm:earlier' }])
  })

  it('batches of one stream become one step from the first cursor to the last', () => {
    const batches = [
      sourceBatch([usageRecord()], { expected: null, cursor: 'a' }),
      sourceBatch([usageRecord()], {
        expected: 'a',
        cursor: 'b',
        tally: { lines: 1, bytes: 5, rejected: { malformed: 2 } },
      }),
    ]
    expect(fold(batches, pricing).streams).toEqual([
      expect.objectContaining({ expected: null, cursor: 'b', lines: 2, bytes: 105, rejected: { malformed: 2 } }),
    ])
  })

  it('what is no request counts none', () => {
    const error = usageRecord({ flags: FLAG.error, parts: [usagePart({})] })
    const [draft] = fold([sourceBatch([error])], pricing).drafts
    expect(draft?.response.numbers.parts[0]?.values[MEASURE.requests]).toBe(0)
    expect(draft?.response.numbers.parts[0]?.values[MEASURE.errors]).toBe(1)
  })

  it('of several turns of a session the newest is left, whichever batch has it', () => {
    const at = (session: string, time: number, source: 'claude-code' | 'pi' = 'claude-code') => ({
      source,
      session,
      time,
    })
    const batches = [
      sourceBatch([], { turns: [at('a', 2000), at('b', 500)] }),
      sourceBatch([], { turns: [at('a', 1000), at('b', 700)], expected: '1', cursor: '2' }),
      sourceBatch([], { turns: [at('a', 9000, 'pi')], source: 'pi', stream: 'f2' }),
    ]
    const wanted = [at('a', 2000), at('b', 700), at('a', 9000, 'pi')]
    expect(fold(batches, pricing).turns).toEqual(wanted)
    expect(fold(batches.toReversed(), pricing).turns).toEqual(expect.arrayContaining(wanted))
    expect(fold([sourceBatch([usageRecord()])], pricing).turns).toEqual([])
  })
})
