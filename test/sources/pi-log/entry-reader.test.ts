import { describe, expect, it } from 'vitest'
import { FLAG } from '../../../src/core/usage.ts'
import { answer, brief, header, lines, MODIFIED_MS, read, user } from './support.ts'

describe('a transcript', () => {
  it('gives a response with everything the ledger needs', () => {
    const { records } = read(
      lines(
        header,
        user,
        answer({
          id: 'a1b2c3d4',
          parentId: 'u1',
          usage: {
            input: 12,
            output: 300,
            cacheRead: 9000,
            cacheWrite: 700,
            cacheWrite1h: 600,
            reasoning: 120,
            totalTokens: 10_020,
            cost: { total: 0.011436, totalFromProvider: false },
          },
          message: { responseId: 'msg_01XY' },
        }),
      ),
    )
    expect(records).toEqual([
      {
        source: 'pi',
        identity: 'a:[1781949602000,"anthropic","claude-sonnet-4-6",12,300,9000,700,"msg_01XY"]',
        shadows: 'a:[1781949602000,"anthropic","claude-sonnet-4-6",12,300,9000,700]',
        winRank: 3,
        rankOutput: 300,
        rankTotal: 10_012,
        timestamp: '2026-06-20T10:00:02.000Z',
        uuid: 'a1b2c3d4',
        parts: [
          {
            model: 'claude-sonnet-4-6',
            tokens: { input: 12, cacheWrite5m: 100, cacheWrite1h: 600, cacheRead: 9000, output: 300 },
            webSearches: 0,
          },
        ],
        terms: { speed: 'standard', usInference: false, tier: 'standard' },
        reasoning: 120,
        unsplit: 8,
        recordedCost: { pico: 11_436_000_000n, origin: 'client' },
        flags: 0,
        ownerRank: 0,
        time: 1_781_949_602_000,
        fileTime: 1_781_949_600_000,
        session: 'session-1',
        paidBy: null,
        agent: 'none',
        project: 'shop',
        branch: '',
        provider: 'anthropic',
        billing: 'metered',
        settled: true,
      },
    ])
  })

  it('keeps what it can without a header, provider and time', () => {
    const entry = { type: 'message', id: 'a9', message: { role: 'assistant', model: 'm', usage: { output: 5 } } }
    expect(read(lines(entry)).records).toMatchObject([
      {
        session: 'from-name',
        project: 'from-folder',
        provider: 'unknown',
        time: MODIFIED_MS,
        fileTime: MODIFIED_MS,
        timestamp: '',
        flags: FLAG.guessedTime,
      },
    ])
  })

  it.each([
    { when: 'milliseconds', timestamp: 1_781_949_600_123, time: 1_781_949_600_123, bad: {} },
    { when: 'ISO text', timestamp: '2026-06-20T10:00:00.123Z', time: 1_781_949_600_123, bad: {} },
    { when: 'nothing: the time of the entry', timestamp: undefined, time: 1_781_949_602_000, bad: {} },
    { when: 'nonsense: the time of the entry', timestamp: 'soon', time: 1_781_949_602_000, bad: { bad_time: 1 } },
    {
      when: 'no moment at all: the time of the entry',
      timestamp: 1e300,
      time: 1_781_949_602_000,
      bad: { bad_time: 1 },
    },
  ])('dates a response by $when', ({ timestamp, time, bad }) => {
    const { records, rejected } = read(lines(answer({ message: { timestamp } })))
    expect(records.map((record) => record.time)).toEqual([time])
    expect(rejected).toEqual(bad)
  })

  it('has one key for a time in milliseconds and as text', () => {
    const [first, second] = read(
      lines(
        answer({ message: { timestamp: 1_781_949_600_123 } }),
        answer({ message: { timestamp: '2026-06-20T10:00:00.123Z' } }),
      ),
    ).records
    expect(second?.identity).toBe(first?.identity)
  })

  it('keeps apart what has neither time nor response id, by entry', () => {
    const entry = (id: string) => ({
      type: 'message',
      id,
      message: { role: 'assistant', model: 'm', usage: { output: 5 } },
    })
    const identities = read(lines(entry('a1'), entry('a2'))).records.map((record) => record.identity)
    expect(new Set(identities).size).toBe(2)
  })

  it.each([
    { when: 'a fault', stopReason: 'error', usage: {}, flags: [FLAG.error] },
    { when: 'an abort', stopReason: 'aborted', usage: {}, flags: [FLAG.error] },
    { when: 'an abort after some output', stopReason: 'aborted', usage: { output: 120 }, flags: [0] },
    { when: 'an answer with zeros', stopReason: 'stop', usage: {}, flags: [FLAG.noUsage] },
    { when: 'an answer with a total alone', stopReason: 'stop', usage: { totalTokens: 9 }, flags: [0] },
    { when: 'an answer without usage', stopReason: 'stop', usage: undefined, flags: [FLAG.noUsage] },
    { when: 'a fault without usage', stopReason: 'error', usage: undefined, flags: [FLAG.error] },
  ])('flags $when', ({ stopReason, usage, flags }) => {
    const entry = answer({ usage: null, message: { stopReason, usage } })
    expect(read(lines(entry)).records.map((record) => record.flags)).toEqual(flags)
  })

  it('passes over text that the agent put into the transcript itself', () => {
    const entry = answer({ usage: null, message: { provider: undefined, model: undefined } })
    expect(read(lines(entry)).records).toEqual([])
  })

  it.each([
    'thinking_level_change',
    'custom',
    'custom_message',
    'label',
    'session_info',
    'context_edit',
    'reset',
    'something new',
  ])('counts nothing for an entry of type %s', (type) => {
    expect(
      read(lines({ type, id: 'x', parentId: null, usage: { input: 5 }, message: { usage: { input: 5 } } })).records,
    ).toEqual([])
  })

  it('counts nothing for usage in the messages of others', () => {
    const roles = ['user', 'bashExecution', 'custom', 'branchSummary', 7]
    const entries = roles.map((role) => ({ type: 'message', id: 'x', message: { role, usage: { input: 5 } } }))
    expect(read(lines(...entries)).records).toEqual([])
  })

  it('ignores tools that ran no model', () => {
    const entry = { type: 'message', id: 't', message: { role: 'toolResult', usage: { input: 0, output: 0 } } }
    expect(read(lines(entry)).records).toEqual([])
  })

  it('takes the model of the message, not the router that model_change names', () => {
    const change = { type: 'model_change', id: 'm1', parentId: null, provider: 'router', modelId: 'auto' }
    expect(read(lines(change, answer({ parentId: 'm1' }))).records.map(brief)).toEqual([
      'claude-sonnet-4-6 10/20/0/0/0',
    ])
  })
})
