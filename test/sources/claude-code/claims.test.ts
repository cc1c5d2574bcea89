import { describe, expect, it } from 'vitest'
import { openScanner } from '../../../src/sources/claude-code/scanner.ts'
import { ScanOutput } from '../../../src/sources/files/format.ts'
import { assistant, jsonLines } from './lines.ts'
import { fileContext, quickReader, scanFixture, scanLines } from './support.ts'

const MAIN = '-src-shop/0b7a.jsonl'

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
