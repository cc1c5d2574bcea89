import { truncateSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { assistantLine, line, msg, userLine } from './claude-lines.ts'
import { loadTree } from './support.ts'

const S1 = '.claude/projects/-src-shop/s1.jsonl'

/** A response of 10 tokens in and 20 out. */
const response = (name: string, fields: Readonly<Record<string, unknown>> = {}) =>
  assistantLine({ message: { id: msg(name) }, usage: { input_tokens: 10, output_tokens: 20 }, ...fields })
const responses = (count: number) => ({ requests: count, input: 10 * count, output: 20 * count })

describe('a last line that is torn', () => {
  const text = `${response('B')}\n`
  const middle = text.length / 2

  it('case 31: completed later: counted once, after completion', async () => {
    const tree = await loadTree({ [S1]: [response('A')] })
    tree.append(S1, text.slice(0, middle))
    await tree.readAgain()
    expect(await tree.usage()).toEqual(responses(1))
    tree.append(S1, text.slice(middle))
    await tree.readAgain()
    expect(await tree.usage()).toEqual(responses(2))
    expect(tree.health('claude-code')).toMatchObject({ lines: 2, rejected: {}, duplicates: 0 })
  })

  it('case 31: the same with a restart in between, and a tear inside a character', async () => {
    const bytes = Buffer.from(`${response('B', { cwd: '/src/café' })}\n`)
    const inCharacter = bytes.indexOf('é') + 1
    const tree = await loadTree({
      [S1]: Buffer.concat([Buffer.from(`${response('A')}\n`), bytes.subarray(0, inCharacter)]),
    })
    await tree.restart()
    tree.append(S1, bytes.subarray(inCharacter))
    await tree.readAgain()
    expect(await tree.usageBy('project')).toEqual({ shop: responses(1), café: responses(1) })
  })

  it('case 32: sealed by a newline: one bad line, the rest counted', async () => {
    const tree = await loadTree({ [S1]: `${response('A')}\n${text.slice(0, middle)}\n${response('C')}\n` })
    expect(await tree.usage()).toEqual(responses(2))
    expect(tree.health('claude-code').rejected).toEqual({ malformed: 1 })
  })

  it('case 32: the same while running, where the fragment was seen before it was sealed', async () => {
    const tree = await loadTree({ [S1]: `${response('A')}\n${text.slice(0, middle)}` })
    tree.append(S1, `\n${response('C')}\n`)
    await tree.readAgain()
    expect(await tree.usage()).toEqual(responses(2))
    expect(tree.health('claude-code').rejected).toEqual({ malformed: 1 })
  })
})

describe('a file that loses lines', () => {
  const [a, b, c, d] = ['A', 'B', 'C', 'D'].map((name) => `${response(name)}\n`) as [string, string, string, string]
  const history = `${userLine()}\n`.repeat(20)

  it('case 33: a tombstone cut while tailing: nothing twice, and the counters do not fall', async () => {
    const tree = await loadTree({ [S1]: history + a + b + c })
    // B is cut out: the file ends before it for a moment, then its rest is written again.
    truncateSync(tree.path(S1), history.length + a.length)
    await tree.readAgain()
    expect(tree.counters()).toEqual(responses(3))
    tree.append(S1, c + d)
    await tree.readAgain()
    expect(await tree.usage()).toEqual(responses(4))
    expect(tree.counters()).toEqual(responses(4))
  })

  it('case 33: the same where the file is longer than before when it is looked at again', async () => {
    const tree = await loadTree({ [S1]: history + a + b + c })
    tree.write(S1, history + a + c + d + history)
    await tree.readAgain()
    expect(await tree.usage()).toEqual(responses(4))
    expect(tree.counters()).toEqual(responses(4))
  })

  it('case 34: replaced by its compacted version: totals unchanged while running and after a restart', async () => {
    const boundary = `${line({ type: 'system', subtype: 'compact_boundary', compactMetadata: { preTokens: 155_000 } })}\n`
    const tree = await loadTree({ [S1]: a + b + c })
    tree.replace(S1, boundary + c)
    await tree.readAgain()
    expect(await tree.usage()).toEqual(responses(3))
    await tree.restart()
    expect(await tree.usage()).toEqual(responses(3))
    tree.append(S1, d)
    await tree.readAgain()
    expect(await tree.usage()).toEqual(responses(4))
    expect(tree.counters()).toEqual(responses(4))
  })

  it('case 35: deleted by cleanup: totals unchanged while running and after a restart', async () => {
    const tree = await loadTree({ [S1]: a + b, '.claude/projects/-src-shop/s2.jsonl': c })
    tree.delete(S1)
    await tree.readAgain()
    expect(await tree.usage()).toEqual(responses(3))
    expect(tree.health('claude-code')).toMatchObject({ up: true, streams: 1 })
    await tree.restart()
    expect(await tree.usage()).toEqual(responses(3))
    expect(tree.counters()).toEqual(responses(3))
  })
})

describe('odd bytes', () => {
  const whole = response('A')
  const withText = (bytes: Buffer) => {
    const [before, after] = whole.split('Done.')
    return Buffer.concat([Buffer.from(before ?? ''), bytes, Buffer.from(`${after}\n`)])
  }

  it.each([
    { what: 'CRLF', content: Buffer.from(`${whole}\r\n`) },
    { what: 'a byte order mark', content: Buffer.from(`\u{feff}${whole}\n`) },
    { what: 'NUL bytes in front', content: Buffer.from(`\0\0\0${whole}\n`) },
    { what: 'a NUL byte in its text', content: withText(Buffer.from([0])) },
    { what: 'invalid UTF-8 in its text', content: withText(Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80])) },
    { what: 'half a surrogate pair in its text', content: withText(Buffer.from('\\ud83d')) },
  ])('case 37: a line with $what: counted', async ({ content }) => {
    const tree = await loadTree({ [S1]: Buffer.concat([content, Buffer.from(`${response('B')}\n`)]) })
    expect(await tree.usage()).toEqual(responses(2))
    expect(tree.health('claude-code').rejected).toEqual({})
  })

  it('case 38: a line of 70 MiB: skipped and counted as oversize, the following lines counted', async () => {
    const long = Buffer.alloc(70 * 1024 * 1024, 'x')
    const tree = await loadTree({
      [S1]: Buffer.concat([withText(Buffer.from('short')), withText(long), Buffer.from(`${response('B')}\n`)]),
    })
    expect(await tree.usage()).toEqual(responses(2))
    expect(tree.health('claude-code').rejected).toEqual({ oversize: 1 })
  })
})

describe('an agent that is not there', () => {
  it('case 59: none is installed: the exporter runs, no source is up, and that is no problem', async () => {
    const tree = await loadTree({})
    expect(await tree.usage()).toEqual({})
    for (const source of ['claude-code', 'openclaw', 'pi'] as const) {
      expect(tree.health(source)).toMatchObject({ up: false, streams: 0 })
      expect(tree.health(source).roots).not.toContainEqual(expect.objectContaining({ problem: expect.any(String) }))
    }
  })

  it('case 59: a root that is missing but configured: not up, with the reason; found as soon as it appears', async () => {
    const tree = await loadTree({ 'other/projects/x.jsonl': [] }, { claudeRoots: ['logs'] })
    expect(tree.health('claude-code')).toMatchObject({
      up: false,
      roots: [{ state: 'missing', problem: 'This folder is configured but does not exist.' }],
    })
    tree.write('logs/-src-shop/s1.jsonl', [response('A')])
    await tree.readAgain()
    expect(await tree.usage()).toEqual(responses(1))
    expect(tree.health('claude-code').up).toBe(true)
  })

  it('case 59: a root that cannot be read: not up, with the reason; the other sources are read', async () => {
    const session = { type: 'session', version: 3, id: 'p1', timestamp: '2026-05-04T09:00:00.000Z', cwd: '/src/blog' }
    const tree = await loadTree({
      '.claude/projects': 'a file in the place of the folder',
      '.pi/agent/sessions/--src-blog--/2026-05-04T09-00-00-000Z_p1.jsonl': [JSON.stringify(session)],
    })
    expect(tree.health('claude-code')).toMatchObject({ up: false })
    expect(tree.health('claude-code').roots).toContainEqual({
      path: tree.path('.claude/projects'),
      state: 'unreadable',
      problem: 'This is not a folder.',
    })
    expect(tree.health('pi')).toMatchObject({ up: true, streams: 1 })
  })
})

describe('clocks', () => {
  const windows = (tree: Awaited<ReturnType<typeof loadTree>>) => {
    const { today, last7Days, monthToDate } = tree.snapshot()
    return [today, last7Days, monthToDate].map((rows) => rows.reduce((sum, { requests }) => sum + requests, 0n))
  }

  it('case 60: a time in the future: counted, and in the windows as soon as it is reached', async () => {
    const tree = await loadTree({})
    tree.now = Date.parse('2026-05-04T12:00:00Z')
    tree.write(S1, [
      response('A', { timestamp: '2026-05-04T11:00:00Z' }),
      response('B', { timestamp: '2026-05-06T11:00:00Z' }),
    ])
    await tree.restart()
    expect(await tree.usage()).toEqual(responses(2))
    expect(tree.counters()).toEqual(responses(2))
    expect(windows(tree)).toEqual([1n, 1n, 1n])
    tree.now = Date.parse('2026-05-06T12:00:00Z')
    expect(windows(tree)).toEqual([1n, 2n, 2n])
  })

  it('case 60: the clock jumps back and forth: nothing is lost or counted twice, in the windows either', async () => {
    const tree = await loadTree({ [S1]: [response('A')] })
    tree.now = Date.parse('2026-05-04T12:00:00Z')
    await tree.restart()
    for (const [name, now] of [
      ['B', '2026-05-01T00:00:00Z'],
      ['C', '2030-01-01T00:00:00Z'],
      ['D', '2026-05-04T12:01:00Z'],
    ] as const) {
      tree.now = Date.parse(now)
      tree.append(S1, [response(name)])
      await tree.readAgain()
      expect(windows(tree)).toEqual(name === 'D' ? [4n, 4n, 4n] : [0n, 0n, 0n])
    }
    expect(await tree.usage()).toEqual(responses(4))
    expect(tree.counters()).toEqual(responses(4))
  })
})
