import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FLAG } from '../../../src/core/usage.ts'
import { openScanner } from '../../../src/sources/claude-code/scanner.ts'
import { RECORDS_PER_BATCH, ScanOutput } from '../../../src/sources/files/format.ts'
import { damage } from './damage.ts'
import { apiId, assistant, jsonLines } from './lines.ts'
import { Random } from './random.ts'
import { LineGenerator } from './random-lines.ts'
import { fileContext, MODIFIED_MS, quickReader, scanBytes, scanFixture, scanLines } from './support.ts'

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

describe('a cost-state line', () => {
  it('claims what the client counted, equal models added', () => {
    const { claims } = scanFixture('17-cost-state')
    const common = { source: 'claude-code', session: 's-1', project: 'shop', continues: null }
    // Such lines have no time and no folder of their own: those of the response above stand in.
    const time = Date.UTC(2026, 4, 4, 9, 12, 1)
    expect(claims).toEqual([
      {
        ...common,
        time,
        model: 'claude-opus-4-8',
        input: 11,
        output: 22,
        cacheRead: 33,
        cacheWrite: 44,
        webSearches: 2,
        costPico: 750_000_000_000n,
      },
      {
        ...common,
        time,
        model: 'claude-haiku-5-5',
        input: 7,
        output: 8,
        cacheRead: 0,
        cacheWrite: 0,
        webSearches: 0,
        costPico: 1_000_000n,
      },
    ])
  })

  const state = { type: 'cost-state', sessionId: 's-3', modelUsage: { 'claude-opus-4-8': { inputTokens: 1 } } }

  it.each([
    { made: '--fork-session', copies: [{ requestSessionId: 's-1' }, { requestSessionId: 's-2' }], continues: 's-2' },
    { made: '/branch', copies: [{ requestSessionId: 's-1', forkedFrom: { sessionId: 's-1' } }], continues: null },
    { made: 'nothing', copies: [{}], continues: null },
  ])('continues the sum of $continues in a file made by $made', ({ copies, continues }) => {
    const lines = copies.map((copy, index) => assistant(`R${index}`, 20, 'end_turn', copy))
    expect(scanLines([...lines, state]).claims).toMatchObject([{ session: 's-3', continues }])
  })

  it('remembers what it continues in the state of the file', () => {
    const first = openScanner(fileContext(MAIN), null, quickReader())
    const copied = jsonLines([assistant('A', 20, 'end_turn', { requestSessionId: 's-1' })])
    first.scan(copied, 0, copied.length, new ScanOutput())
    const later = openScanner(fileContext(MAIN), first.state(), quickReader())
    const out = new ScanOutput()
    const rest = jsonLines([state])
    later.scan(rest, 0, rest.length, out)
    expect(out.claims).toMatchObject([{ continues: 's-1', project: 'shop', time: Date.UTC(2026, 4, 4, 9, 12) }])
  })

  it('survives models with hostile names', () => {
    const modelUsage = '{"__proto__":{"inputTokens":1},"":{"inputTokens":2},"x":7,"constructor":{"inputTokens":"3"}}'
    const { claims, rejected } = scanLines([`{"type":"cost-state","sessionId":"s","modelUsage":${modelUsage}}`])
    expect(claims.map(({ model, input }) => [model, input])).toEqual([
      ['__proto__', 1],
      ['constructor', 0],
    ])
    expect(rejected).toEqual({ bad_value: 1 })
  })
})

describe('the time of a file', () => {
  const response = assistant('A', 20, 'end_turn')

  it.each([
    { first: { type: 'queue-operation', timestamp: '2026-05-01T00:00:00.000Z' }, time: Date.UTC(2026, 4, 1) },
    { first: { type: 'summary', summary: 'no "timestamp": here' }, time: Date.UTC(2026, 4, 4, 9, 12) },
    {
      first: { type: 'snapshot', snapshot: { timestamp: '2026-05-01T00:00:00.000Z' } },
      time: Date.UTC(2026, 4, 4, 9, 12),
    },
  ])('is that of its first dated line, of whatever type ($first.type)', ({ first, time }) => {
    expect(scanLines([first, response]).records[0]?.fileTime).toBe(time)
  })

  it('is that of its last change where no line is dated', () => {
    expect(scanLines([{ ...response, timestamp: undefined }]).records[0]?.fileTime).toBe(MODIFIED_MS)
  })
})

describe('scanning', () => {
  it('stops behind the line that fills the output', () => {
    const lines = Array.from({ length: RECORDS_PER_BATCH + 3 }, (_, index) => assistant(`R${index}`, 20, 'end_turn'))
    const block = jsonLines(lines)
    const scanner = openScanner(fileContext(MAIN), null, quickReader())
    const out = new ScanOutput()
    const stopped = scanner.scan(block, 0, block.length, out)
    expect(out).toMatchObject({ lines: RECORDS_PER_BATCH, isFull: true })
    const rest = new ScanOutput()
    expect(scanner.scan(block, stopped, block.length, rest)).toBe(block.length)
    expect(rest.records.map(({ identity }) => identity)).toEqual(
      [500, 501, 502].map((index) => `m:${apiId(`R${index}`)}`),
    )
  })

  it('reads nothing outside of its part of the block', () => {
    const outside = Buffer.from('{"type":"assistant",\n')
    const inside = jsonLines([assistant('A', 20, 'end_turn')])
    const out = new ScanOutput()
    const scanner = openScanner(fileContext(MAIN), null, quickReader())
    const end = outside.length + inside.length
    expect(scanner.scan(Buffer.concat([outside, inside, outside]), outside.length, end, out)).toBe(end)
    expect(out).toMatchObject({ lines: 1, rejected: {} })
    expect(out.records).toHaveLength(1)
  })

  it('reads a last line without a line feed', () => {
    const whole = jsonLines([assistant('A', 20, 'end_turn')])
    expect(scanBytes(whole.subarray(0, -1)).records).toHaveLength(1)
  })

  it('keeps no reference into the block', () => {
    const block = jsonLines([assistant('A', 3, null), assistant('A', 20, 'end_turn')])
    const { records } = scanBytes(block)
    const before = structuredClone(records)
    block.fill('x')
    expect(records).toEqual(before)
  })

  it('gives up a line of unknown shape that is too long to parse, and reads on', () => {
    const long = `{ "type": "assistant", "text": "${'x'.repeat(9 * 1024 * 1024)}" }`
    expect(scanLines([long, assistant('A', 20, 'end_turn')])).toMatchObject({ rejected: { oversize: 1 }, lines: 2 })
  })

  it('reads lines of any length in the usual shape', () => {
    const content = [{ type: 'text', text: 'x\\"'.repeat(3 * 1024 * 1024) }]
    const message = { ...assistant('A', 20, 'end_turn').message, content }
    const { records, rejected } = scanLines([assistant('A', 20, 'end_turn', { message })])
    expect(records).toHaveLength(1)
    expect(rejected).toEqual({})
  })

  it('gives the same records wherever the file is cut into blocks', () => {
    const lines = [
      { type: 'queue-operation', timestamp: '2026-05-01T00:00:00.000Z' },
      assistant('A', 3, null, { requestSessionId: 's-0' }),
      assistant('A', 20, 'tool_use'),
      { type: 'user', message: {} },
      assistant('B', 3, null),
      assistant('C', 3, null, { agentId: 'a17f' }),
      assistant('D', 20, 'end_turn'),
      { type: 'cost-state', sessionId: 's-1', modelUsage: { m: { inputTokens: 1 } } },
    ]
    const whole = scanLines(lines)
    fc.assert(
      fc.property(fc.subarray([1, 2, 3, 4, 5, 6, 7]), (cuts) => {
        const settled = new Set<string>()
        const records = []
        const claims = []
        let state: string | null = null
        for (const [index, from] of [0, ...cuts].entries()) {
          const block = jsonLines(lines.slice(from, cuts[index] ?? lines.length))
          const scanner = openScanner(fileContext('-src-shop/s-file.jsonl'), state, quickReader())
          const out = new ScanOutput()
          scanner.scan(block, 0, block.length, out)
          state = scanner.state()
          records.push(...out.records)
          claims.push(...out.claims)
          for (const identity of out.closed) settled.add(identity)
        }
        for (const record of records) if (record.settled) settled.add(record.identity)
        expect(records.map((record) => ({ ...record, settled: false }))).toEqual(
          whole.records.map((record) => ({ ...record, settled: false })),
        )
        expect(claims).toEqual(whole.claims)
        expect(settled).toEqual(
          new Set(whole.records.filter((record) => record.settled).map((record) => record.identity)),
        )
        expect(state).toBe(whole.state)
      }),
    )
  })

  it('never throws, on 10,000 lines of rubbish', () => {
    const random = new Random(7)
    const generator = new LineGenerator(random)
    const rubbish = Array.from({ length: 10_000 }, () => {
      if (random.oneIn(4)) return Buffer.from(Array.from({ length: random.below(80) }, () => random.below(256)))
      return damage(random, damage(random, damage(random, generator.next())))
    })
    const block = Buffer.concat(rubbish.flatMap((line) => [line, Buffer.from('\n')]))
    const { lines, records, rejected } = scanBytes(block)
    expect(lines).toBeGreaterThanOrEqual(10_000)
    expect(rejected.malformed).toBeGreaterThan(3_000)
    for (const { parts } of records) {
      for (const { tokens } of parts) expect(Object.values(tokens).every(Number.isSafeInteger)).toBe(true)
    }
  })
})
