import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RECORDS_PER_BATCH, ScanOutput } from '../../../src/sources/files/format.ts'
import { transcriptScanner } from '../../../src/sources/pi-log/line-scanner.ts'
import { answer, brief, context, header, lines, read, scanAll, user } from './support.ts'

describe('lines', () => {
  const one = lines(answer({}))

  it.each([
    { when: 'CRLF', text: one.replace('\n', '\r\n') },
    { when: 'a byte order mark', text: `\uFEFF${one}` },
    { when: 'leading NULs', text: `\0\0${one}` },
    { when: 'no line feed at the end', text: one.trimEnd() },
    { when: 'blank lines', text: `\n \t\r\n${one}\n` },
    { when: 'spaces in the JSON', text: `${JSON.stringify(JSON.parse(one), null, 1).replaceAll('\n', ' ')}\n` },
    {
      when: 'invalid UTF-8',
      text: Buffer.concat([
        Buffer.from(one.slice(0, -2)),
        Buffer.from(',"x":"'),
        Buffer.from([0xff]),
        Buffer.from('"}\n'),
      ]),
    },
  ])('are read with $when', ({ text }) => {
    const out = read(text)
    expect(out.records.map(brief)).toEqual(['claude-sonnet-4-6 10/20/0/0/0'])
    expect(out.rejected).toEqual({})
  })

  it.each([
    { when: 'a torn line', text: '{"type":"message","message":{"usage":{"inp\n' },
    { when: 'a torn start', text: '{"ty\n' },
    { when: 'a list', text: '["usage"]\n' },
    { when: 'deep nesting', text: `${'['.repeat(100_000)}"usage"\n` },
  ])('are passed over and counted after $when', ({ text }) => {
    const out = read(text + one)
    expect(out.records).toHaveLength(1)
    expect(out.rejected).toEqual({ malformed: 1 })
    expect(out.lines).toBe(2)
  })

  it('with a bad count are kept and counted once', () => {
    const out = read(lines(answer({ usage: { input: -5, output: 'x', cacheRead: 7 } })))
    expect(out.records.map(brief)).toEqual(['claude-sonnet-4-6 0/0/0/0/7'])
    expect(out.rejected).toEqual({ bad_value: 1 })
  })

  it('do not trust the keys of an object', () => {
    const text = '{"type":"message","__proto__":{"message":{"usage":{"input":5}}},"constructor":{"usage":1}}\n'
    expect(read(text).records).toEqual([])
    expect(read(`${text}${one}`).records).toHaveLength(1)
  })

  it('stop where the output is full and carry on from there', () => {
    const text = lines(
      ...Array.from({ length: RECORDS_PER_BATCH + 3 }, (_, n) => answer({ id: `a${n}`, usage: { output: n } })),
    )
    const block = Buffer.from(text)
    const scanner = transcriptScanner(context, null)
    const first = new ScanOutput()
    const stop = scanner.scan(block, 0, block.length, first)
    const rest = new ScanOutput()
    expect(scanner.scan(block, stop, block.length, rest)).toBe(block.length)
    expect([first.records.length, rest.records.length]).toEqual([RECORDS_PER_BATCH, 3])
    expect(block[stop - 1]).toBe(0x0a)
  })

  it('give the same records in one piece and with a new scanner after each line', () => {
    const entry = fc.oneof(
      fc.constant(header),
      fc.constant(user),
      fc.nat(9).map((n) => answer({ id: `a${n}`, parentId: `a${n - 1}`, usage: { output: n } })),
      fc.nat(9).map((n) => answer({ id: `b${n}`, parentId: `a${n}`, message: { model: undefined } })),
      fc
        .nat(9)
        .map((n) => ({ type: 'model_change', id: `c${n}`, parentId: `b${n}`, provider: 'p', modelId: `model-${n}` })),
      fc.nat(9).map((n) => ({
        type: 'compaction',
        id: `d${n}`,
        parentId: `c${n}`,
        timestamp: '2026-06-20T10:09:00Z',
        usage: { input: n },
      })),
      fc
        .nat(9)
        .map((n) => ({ type: 'branch_summary', id: `e${n}`, parentId: null, fromId: `c${n}`, usage: { output: n } })),
    )
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
        const whole = read(lines(...entries))
        const pieces = new ScanOutput()
        let state: string | null = null
        for (const one of entries) {
          const scanner = transcriptScanner(context, state)
          scanAll(scanner, lines(one), pieces)
          state = scanner.state()
        }
        expect(pieces.records).toEqual(whole.records)
      }),
    )
  })

  it('never throw and are all consumed, whatever they hold', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(
        '"usage"',
        '{"type":"message",',
        '\n',
        '\0',
        '{"type":"session"',
        '"role":"assistant"',
        '}',
        '"__proto__":',
      ),
      fc
        .object({ key: fc.constantFrom('type', 'message', 'usage', 'role', 'id', 'timestamp', '__proto__', 'input') })
        .map((value) => `${JSON.stringify(value)}\n`),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const block = Buffer.from(pieces.join(''))
        expect(transcriptScanner(context, null).scan(block, 0, block.length, new ScanOutput())).toBe(block.length)
      }),
    )
  })
})
