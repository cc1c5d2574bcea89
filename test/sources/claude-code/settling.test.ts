import { describe, expect, it } from 'vitest'
import { openScanner } from '../../../src/sources/claude-code/scanner.ts'
import { ScanOutput } from '../../../src/sources/files/format.ts'
import { apiId, assistant, jsonLines } from './lines.ts'
import { fileContext, quickReader, scanLines } from './support.ts'

const user = { type: 'user', uuid: 'line-u', message: { role: 'user', content: [] } }

/** Which records of a file are settled, in their order. */
function settled(lines: readonly object[]): boolean[] {
  return scanLines(lines).records.map((record) => record.settled)
}

describe('settling', () => {
  it.each([
    { when: 'it has a stop reason', lines: [assistant('A', 20, 'end_turn')], expected: [true] },
    {
      when: 'the next response starts',
      lines: [assistant('A', 3, null), assistant('B', 3, null)],
      expected: [true, false],
    },
    {
      when: 'its own last line comes',
      lines: [assistant('A', 3, null), assistant('A', 20, 'end_turn')],
      expected: [false, true],
    },
  ])('settles a response when $when', ({ lines, expected }) => {
    expect(settled(lines)).toEqual(expected)
  })

  it.each([
    { when: 'nothing follows', lines: [assistant('A', 3, null)] },
    { when: 'a line of the user follows', lines: [assistant('A', 3, null), user] },
    { when: 'its stop reason is empty', lines: [assistant('A', 3, '')] },
  ])('leaves a response open when $when', ({ lines }) => {
    expect(settled(lines)).toEqual([false])
  })

  it('keeps agents that write into one file apart', () => {
    const side = { isSidechain: true }
    const lines = [assistant('A', 3, null), assistant('B', 3, null, side), assistant('C', 3, null, { agentId: 'a17f' })]
    expect(settled(lines)).toEqual([false, false, false])
    expect(settled([...lines, assistant('D', 3, null, side)])).toEqual([false, true, false, false])
  })

  it('takes a message made up by the client as the end of a response', () => {
    const synthetic = { ...assistant('S', 0, 'stop_sequence'), message: { model: '<synthetic>', usage: {} } }
    expect(settled([assistant('A', 3, null), synthetic])).toEqual([true])
  })

  it('settles by identity what left with an earlier output', () => {
    const scanner = openScanner(fileContext('-src/s.jsonl'), null, quickReader())
    const [first, second] = [jsonLines([assistant('A', 3, null)]), jsonLines([assistant('B', 3, null)])]
    scanner.scan(first, 0, first.length, new ScanOutput())
    const out = new ScanOutput()
    scanner.scan(second, 0, second.length, out)
    expect(out.closed).toEqual([`m:${apiId('A')}`])
    expect(out.records.map((record) => record.settled)).toEqual([false])
  })

  it('settles by identity what an earlier scanner left open', () => {
    const first = openScanner(fileContext('-src/s.jsonl'), null, quickReader())
    const block = jsonLines([assistant('A', 3, null)])
    first.scan(block, 0, block.length, new ScanOutput())
    const later = openScanner(fileContext('-src/s.jsonl'), first.state(), quickReader())
    const out = new ScanOutput()
    const rest = jsonLines([assistant('A', 20, 'end_turn')])
    later.scan(rest, 0, rest.length, out)
    expect(out.closed).toEqual([])
    expect(out.records.map((record) => record.settled)).toEqual([true])
  })

  it('lets go of the oldest of too many open responses', () => {
    const lines = Array.from({ length: 17 }, (_, index) =>
      assistant(`R${index}`, 3, null, { agentId: `agent-${index}` }),
    )
    expect(settled(lines)).toEqual([true, ...Array.from({ length: 16 }, () => false)])
  })

  it('never takes an echo as settled', () => {
    const message = assistant('A', 20, 'end_turn')
    const echo = { type: 'progress', uuid: 'p', data: { type: 'agent_progress', message } }
    expect(scanLines([assistant('B', 3, null), echo]).records).toMatchObject([
      { settled: false, winRank: 2 },
      { settled: false, winRank: 1, ownerRank: 8 },
    ])
  })
})
