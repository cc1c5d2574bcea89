import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openScanner } from '../../../src/sources/claude-code/scanner.ts'
import { RECORDS_PER_BATCH, ScanOutput } from '../../../src/sources/files/format.ts'
import { damage } from './damage.ts'
import { apiId, assistant, jsonLines } from './lines.ts'
import { Random } from './random.ts'
import { LineGenerator } from './random-lines.ts'
import { fileContext, MODIFIED_MS, quickReader, scanBytes, scanLines } from './support.ts'

const MAIN = '-src-shop/0b7a.jsonl'

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
