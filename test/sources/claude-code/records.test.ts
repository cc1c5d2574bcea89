import { describe, expect, it } from 'vitest'
import { FLAG } from '../../../src/core/usage.ts'
import { apiId, assistant } from './lines.ts'
import { fileContext, scanFixture, scanLines } from './support.ts'

const MAIN = '-src-shop/0b7a.jsonl'
const NESTED = '-src-shop/0b7a/subagents/agent-a17f.jsonl'

describe('a record', () => {
  it('says everything a line says', () => {
    const [record] = scanFixture('01-lines-of-one-response').records
    expect(record).toEqual({
      source: 'claude-code',
      identity: `m:${apiId('AAAAAAAAAAAAAAAAAAAA')}`,
      shadows: null,
      winRank: 2,
      rankOutput: 3,
      rankTotal: 54119,
      timestamp: '2026-05-04T09:12:01.000Z',
      uuid: 'line-1',
      parts: [
        {
          model: 'claude-opus-4-8',
          tokens: { input: 6, cacheWrite5m: 1800, cacheWrite1h: 0, cacheRead: 52310, output: 3 },
          webSearches: 0,
        },
      ],
      terms: { speed: 'standard', usInference: false, tier: 'standard' },
      reasoning: 0,
      unsplit: 0,
      recordedCost: null,
      flags: FLAG.unfinal,
      ownerRank: 0,
      time: Date.UTC(2026, 4, 4, 9, 12, 1),
      fileTime: Date.UTC(2026, 4, 4, 9, 12, 1),
      session: 's-1',
      paidBy: null,
      agent: 'none',
      project: 'shop',
      branch: 'main',
      provider: '',
      billing: 'metered',
      settled: false,
    })
  })

  it('keeps the part of the output that was thinking', () => {
    const usage = { output_tokens: 412, output_tokens_details: { thinking_tokens: 200 } }
    const message = { ...assistant('A', 412, 'end_turn').message, usage }
    expect(scanLines([assistant('A', 412, 'end_turn', { message })]).records[0]?.reasoning).toBe(200)
  })

  it.each([
    { copy: 'the original', extra: {}, rank: 0 },
    { copy: 'a line of a sub-agent', extra: { isSidechain: true }, rank: 1 },
    { copy: 'a copy by /branch', extra: { forkedFrom: { sessionId: 's-0' } }, rank: 2 },
    { copy: 'a copy by --fork-session', extra: { requestSessionId: 's-0' }, rank: 4 },
    { copy: 'all three', extra: { isSidechain: true, forkedFrom: {}, requestSessionId: 's-0' }, rank: 7 },
  ])('gives its labels with rank $rank if it is $copy', ({ extra, rank }) => {
    expect(scanLines([assistant('A', 20, 'end_turn', extra)]).records[0]?.ownerRank).toBe(rank)
  })

  it.each([
    {
      named: 'requestSessionId',
      extra: { requestSessionId: 'payer', forkedFrom: { sessionId: 'fork' } },
      session: 'payer',
    },
    { named: 'forkedFrom', extra: { forkedFrom: { sessionId: 'fork' } }, session: 'fork' },
    { named: 'sessionId', extra: {}, session: 's-1' },
    { named: 'nothing but the file', extra: { sessionId: '' }, session: '0b7a' },
  ])('belongs to the session that $named names', ({ extra, session }) => {
    const { records } = scanLines([assistant('A', 20, 'end_turn', extra)], fileContext(MAIN))
    expect(records[0]?.session).toBe(session)
  })

  it.each([
    { where: 'the main line', path: MAIN, extra: {}, agentType: '', agent: 'none' },
    {
      where: 'a side chain of old releases',
      path: MAIN,
      extra: { isSidechain: true },
      agentType: '',
      agent: 'subagent',
    },
    {
      where: 'a line with an agent id',
      path: MAIN,
      extra: { agentId: 'a17f' },
      agentType: 'Explore',
      agent: 'subagent',
    },
    { where: 'a sub-agent of known type', path: NESTED, extra: {}, agentType: 'Explore', agent: 'Explore' },
    { where: 'a sub-agent of unknown type', path: NESTED, extra: {}, agentType: '', agent: 'subagent' },
    {
      where: 'a side agent',
      path: '-src/s/subagents/agent-acompact-17ff03.jsonl',
      extra: {},
      agentType: '',
      agent: 'acompact',
    },
    {
      where: 'an agent beside its parent',
      path: '-src/agent-17ff03.jsonl',
      extra: {},
      agentType: '',
      agent: 'subagent',
    },
  ])('names the agent of $where: $agent', ({ path, extra, agentType, agent }) => {
    const context = fileContext(path, { agentType: () => agentType })
    expect(scanLines([assistant('A', 20, 'end_turn', extra)], context).records[0]?.agent).toBe(agent)
  })

  it('carries the billing of its root', () => {
    const context = fileContext(MAIN, { billing: 'plan' })
    expect(scanLines([assistant('A', 20, 'end_turn')], context).records[0]?.billing).toBe('plan')
  })
})

describe('a web search', () => {
  it('is counted by the results that the user line carries, apart from requests', () => {
    const { records, rejected } = scanFixture('web-search-result')
    expect(records).toMatchObject([
      {
        identity: 's:line-1',
        parts: [{ model: 'unknown', webSearches: 3, tokens: { input: 0, output: 0 } }],
        flags: FLAG.notARequest,
        settled: true,
        project: 'shop',
      },
    ])
    expect(rejected).toEqual({})
  })
})
