import { describe, expect, it } from 'vitest'
import { assistantLine, msg, userLine } from './claude-lines.ts'
import { loadTree } from './support.ts'

const S1 = '.claude/projects/-src-shop/s1.jsonl'
const S2 = '.claude/projects/-src-shop/s2.jsonl'

describe('worked examples', () => {
  it('example A: three blocks of one response: 6 / 412 / 1800 / 52310', async () => {
    const block = (type: string, stop_reason: string | null, output_tokens: number) =>
      assistantLine({
        message: { content: [{ type }], stop_reason },
        usage: { input_tokens: 6, output_tokens, cache_creation_input_tokens: 1800, cache_read_input_tokens: 52310 },
      })
    const tree = await loadTree({
      [S1]: [block('thinking', null, 3), block('text', null, 3), block('tool_use', 'tool_use', 412)],
    })
    expect(await tree.usage()).toEqual({ requests: 1, input: 6, output: 412, cache_write_5m: 1800, cache_read: 52310 })
  })

  it.each(['end_turn', null])(
    'example B: a model behind a proxy, whose placeholder has the larger sum, then %s: 22700 / 540',
    async (last) => {
      const block = (stop_reason: string | null, input_tokens: number, output_tokens: number) =>
        assistantLine({ message: { model: 'glm-5.1', stop_reason }, usage: { input_tokens, output_tokens } })
      const tree = await loadTree({ [S1]: [block(null, 24741, 0), block(last, 22700, 540)] })
      expect(await tree.usage()).toMatchObject({ requests: 1, input: 22700, output: 540, unpriced: 23240 })
    },
  )

  it('example C: a release that never wrote final counts: output 2, and counted as not final', async () => {
    const block = (type: string) =>
      assistantLine({
        version: '2.1.19',
        message: { content: [{ type }], stop_reason: null },
        usage: { output_tokens: 2 },
      })
    const tree = await loadTree({ [S1]: [block('thinking'), block('text'), block('tool_use')] })
    expect(await tree.usage()).toEqual({ requests: 1, output: 2, unfinal: 1 })
  })

  it('example D: a branch: S1 owns R1 and R2, S2 owns R3, also when the file of S1 is deleted', async () => {
    const forkedFrom = { sessionId: 's1', messageUuid: 'u' }
    const r1 = { message: { id: msg('R1') }, uuid: 'line-1', usage: { output_tokens: 10 } }
    const r2 = { message: { id: msg('R2') }, uuid: 'line-2', usage: { output_tokens: 200 } }
    const r3 = { message: { id: msg('R3') }, uuid: 'line-3', usage: { output_tokens: 3000 } }
    const tree = await loadTree({
      [S1]: [assistantLine({ ...r1, sessionId: 's1' }), assistantLine({ ...r2, sessionId: 's1' })],
      [S2]: [
        assistantLine({ ...r1, sessionId: 's2', forkedFrom }),
        assistantLine({ ...r2, sessionId: 's2', forkedFrom }),
        assistantLine({ ...r3, sessionId: 's2' }),
      ],
    })
    const owned = { s1: { requests: 2, output: 210 }, s2: { requests: 1, output: 3000 } }
    expect(await tree.usageBy('session')).toEqual(owned)
    tree.delete(S1)
    await tree.readAgain()
    expect(await tree.usageBy('session')).toEqual(owned)
    await tree.restart()
    expect(await tree.usageBy('session')).toEqual(owned)
  })
})

/** `total` in `count` whole parts that differ by 1 at most. */
const shares = (total: number, count: number) =>
  Array.from({ length: count }, (_, index) => Math.floor((total + index) / count))

/**
 * A month of work in 101 files, made so that each wrong rule is as wrong as in a real one: 480 responses on three lines,
 * the first two with a placeholder, and 120 on one line. With P = 28,134 the placeholders of the long ones, F = 516,806
 * their final output and S = 99,891 the output of the short ones: every line 2P + F + S = 672,965, first lines
 * P + S = 128,025, right F + S = 616,697. Cache reads are on each line: 3 x 69,549,549 + 25,387,604 = 234,036,251.
 */
function month(): { files: Record<string, string[]>; lines: readonly { id: string; output: number; read: number }[] } {
  const long = { placeholder: shares(28_134, 480), final: shares(516_806, 480), read: shares(69_549_549, 480) }
  const short = { final: shares(99_891, 120), read: shares(25_387_604, 120) }
  const files: Record<string, string[]> = {}
  const lines: { id: string; output: number; read: number }[] = []
  for (let n = 0; n < 600; n++) {
    const session = `session-${(n % 101) % 31}`
    const isAgent = n % 101 >= 31
    const folder = `.claude/projects/-src-shop/${session}`
    const file = isAgent ? `${folder}/subagents/agent-${n % 101}.jsonl` : `${folder}.jsonl`
    const write = (index: number, output: number, stop_reason: string | null, read: number) => {
      const message = { id: msg(`${n}`), model: isAgent ? 'claude-haiku-4-5' : 'claude-opus-4-5', stop_reason }
      const usage = { output_tokens: output, cache_read_input_tokens: read }
      const text = assistantLine({ message, usage, sessionId: session, isSidechain: isAgent, uuid: `${n}-${index}` })
      files[file] = [...(files[file] ?? [userLine({ sessionId: session })]), text]
      lines.push({ id: message.id, output, read })
    }
    const [placeholder = 0, read = 0] = [long.placeholder[n], long.read[n]]
    if (n < 480) {
      write(0, placeholder, null, read)
      write(1, placeholder, null, read)
      write(2, long.final[n] ?? 0, 'tool_use', read)
    } else {
      write(0, short.final[n - 480] ?? 0, 'end_turn', short.read[n - 480] ?? 0)
    }
  }
  return { files, lines }
}

describe('worked example E: a month of Opus and Haiku work in 101 files', () => {
  it('output 616,697 and not 672,965 or 128,025, cache reads 94,937,153 and not 234,036,251', async () => {
    const { files, lines } = month()
    const first = [...new Map([...lines].reverse().map((found) => [found.id, found])).values()]
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
    expect(Object.keys(files)).toHaveLength(101)
    expect(sum(lines.map(({ output }) => output))).toBe(672_965)
    expect(sum(lines.map(({ read }) => read))).toBe(234_036_251)
    expect(sum(first.map(({ output }) => output))).toBe(128_025)

    const tree = await loadTree(files)
    expect(await tree.usage()).toEqual({ requests: 600, output: 616_697, cache_read: 94_937_153 })
    expect(Object.keys(await tree.usageBy('model')).sort()).toEqual([
      'claude-haiku-4-5-20251001',
      'claude-opus-4-5-20251101',
    ])
  })
})
