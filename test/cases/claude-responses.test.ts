import { describe, expect, it } from 'vitest'
import { assistantLine, line, msg, userLine } from './claude-lines.ts'
import { loadTree } from './support.ts'

const S1 = '.claude/projects/-src-shop/s1.jsonl'
const S2 = '.claude/projects/-src-shop/s2.jsonl'

describe('one response on several lines', () => {
  const block = (stop_reason: string | null, output_tokens: number) =>
    assistantLine({ message: { stop_reason }, usage: { output_tokens } })

  it('case 1: same id, output 3, 3, 412, the last with a stop reason: one response, output 412', async () => {
    const tree = await loadTree({ [S1]: [block(null, 3), block(null, 3), block('tool_use', 412)] })
    expect(await tree.usage()).toEqual({ requests: 1, output: 412 })
    expect(tree.counters()).toEqual({ requests: 1, output: 412 })
  })

  it('case 2: no stop reason, output 9, 9, 159: output 159, not proven final', async () => {
    const tree = await loadTree({ [S1]: [block(null, 9), block(null, 9), block(null, 159)] })
    expect(await tree.usage()).toEqual({ requests: 1, output: 159, unfinal: 1 })
    expect(tree.snapshot().perSource).toMatchObject([{ source: 'claude-code', unfinal: 1n }])
  })

  it('a line with a stop reason wins over one with more output', async () => {
    const tree = await loadTree({ [S1]: [block(null, 999), block('end_turn', 412)] })
    expect(await tree.usage()).toEqual({ requests: 1, output: 412 })
  })

  it('case 3: a placeholder of 24741/0, then 22700/540: the counters never show 24741', async () => {
    const tree = await loadTree({ [S1]: [userLine()] })
    tree.append(S1, [
      assistantLine({ message: { stop_reason: null }, usage: { input_tokens: 24741, output_tokens: 0 } }),
    ])
    await tree.readAgain()
    expect(tree.counters()).toEqual({})
    tree.append(S1, [assistantLine({ usage: { input_tokens: 22700, output_tokens: 540 } })])
    await tree.readAgain()
    expect(tree.counters()).toEqual({ requests: 1, input: 22700, output: 540 })
    expect(await tree.usage()).toEqual({ requests: 1, input: 22700, output: 540 })
  })

  it.each([
    { order: 'in reverse', first: [block('tool_use', 412), block(null, 3)], later: [] },
    { order: 'split over two looks', first: [block(null, 3)], later: [block('tool_use', 412)] },
    { order: 'in reverse over two looks', first: [block('tool_use', 412)], later: [block(null, 3)] },
  ])('case 4: the lines of one id $order: the same as in case 1', async ({ first, later }) => {
    const tree = await loadTree({ [S1]: first })
    tree.append(S1, later)
    await tree.readAgain()
    expect(await tree.usage()).toEqual({ requests: 1, output: 412 })
    expect(tree.counters()).toEqual({ requests: 1, output: 412 })
  })
})

describe('what makes a response unique', () => {
  const usage = { output_tokens: 20 }

  it('case 8: same id, different requestId, one in a sidechain: one response', async () => {
    const tree = await loadTree({
      [S1]: [
        assistantLine({ requestId: 'req_011A', isSidechain: true, timestamp: '2026-05-04T09:00:00.000Z', usage }),
        assistantLine({ requestId: 'req_011B', isSidechain: false, timestamp: '2026-05-04T09:00:01.000Z', usage }),
      ],
    })
    // Under the agent of the line that is not in the sidechain, though it is the later one.
    expect(await tree.usageBy('agent')).toEqual({ none: { requests: 1, output: 20 } })
  })

  it('case 9: an id that is not of the API, such as 1, with different requestIds: two responses', async () => {
    const tree = await loadTree({
      [S1]: [
        assistantLine({ message: { id: '1' }, requestId: 'req_011A', usage }),
        assistantLine({ message: { id: '1' }, requestId: 'req_011B', usage }),
      ],
    })
    expect(await tree.usage()).toEqual({ requests: 2, output: 40 })
  })

  it('case 10: no requestId, an API id, several lines: one response', async () => {
    const lines = ['thinking', 'text'].map((type) =>
      assistantLine({ message: { id: msg('A'), content: [{ type }] }, requestId: undefined, usage }),
    )
    const tree = await loadTree({ [S1]: lines })
    expect(await tree.usage()).toEqual({ requests: 1, output: 20 })
  })

  it('case 11: an empty requestId is as good as none, and counted', async () => {
    const tree = await loadTree({
      [S1]: [
        assistantLine({ message: { id: msg('A') }, requestId: '', usage }),
        assistantLine({ message: { id: '1' }, requestId: '', usage }),
        assistantLine({ message: { id: '1' }, requestId: undefined, usage }),
        assistantLine({ message: { id: '', content: [] }, requestId: '', uuid: 'line-1', usage }),
      ],
      [S2]: [assistantLine({ message: { id: '1' }, requestId: '', sessionId: 's2', usage })],
    })
    expect(await tree.usageBy('session')).toEqual({ s1: { requests: 3, output: 60 }, s2: { requests: 1, output: 20 } })
  })

  it('case 12: neither id nor requestId: counted once per uuid', async () => {
    const anonymous = (uuid: string, sessionId: string) =>
      assistantLine({ message: { id: undefined }, requestId: undefined, uuid, sessionId, usage })
    const tree = await loadTree({
      [S1]: [anonymous('line-1', 's1'), anonymous('line-2', 's1')],
      [S2]: [anonymous('line-2', 's2')],
    })
    expect(await tree.usage()).toEqual({ requests: 2, output: 40 })
  })
})

describe('what looks like usage and is none', () => {
  const usage = { input_tokens: 6, output_tokens: 20 }

  it('case 15: toolUseResult.usage of a user line: nothing', async () => {
    const result = { status: 'completed', totalTokens: 905, usage: { input_tokens: 5, output_tokens: 900 } }
    const tree = await loadTree({ [S1]: [assistantLine({ usage }), userLine({ toolUseResult: result })] })
    expect(await tree.usage()).toEqual({ requests: 1, input: 6, output: 20 })
  })

  it.each([
    { isApiErrorMessage: true, expected: { errors: 1 } },
    { isApiErrorMessage: undefined, expected: {} },
  ])(
    'case 16: <synthetic> with isApiErrorMessage $isApiErrorMessage: no tokens, no model, $expected',
    async ({ isApiErrorMessage, expected }) => {
      const message = { id: '8f14e45f-ceea-467f-ab1e-5a2b3c4d5e6f', model: '<synthetic>', stop_reason: 'stop_sequence' }
      const tree = await loadTree({ [S1]: [assistantLine({ message, requestId: undefined, isApiErrorMessage })] })
      expect(await tree.usage()).toEqual(expected)
      expect(tree.snapshot().counters).toEqual([])
    },
  )

  it('case 17: a cost-state line: nothing, beyond what is on no line', async () => {
    const modelUsage = {
      'claude-opus-4-8[1m]': { inputTokens: 6, outputTokens: 50, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 },
    }
    const costState = line({ type: 'cost-state', totalCostUSD: 0.5, modelUsage })
    const tree = await loadTree({ [S1]: [assistantLine({ usage }), costState] })
    expect(await tree.usage()).toEqual({ requests: 1, input: 6, output: 20 })
    expect(tree.counters()).toEqual({ requests: 1, input: 6, output: 20 })
    expect(await tree.ledger.unlogged()).toMatchObject([{ model: 'claude-opus-4-8', input: 0n, output: 30n }])
  })

  it('case 18: a tool input that contains a usage object: the own usage of the line counts', async () => {
    const input = { id: null, usage: { input_tokens: 5 }, text: '{"usage":{"input_tokens":9}}' }
    const content = [{ type: 'tool_use', id: 'toolu_1', name: 'Write', input }]
    const tree = await loadTree({ [S1]: [assistantLine({ message: { content, stop_reason: 'tool_use' }, usage })] })
    expect(await tree.usage()).toEqual({ requests: 1, input: 6, output: 20 })
  })
})

describe('odd fields', () => {
  const usage = { output_tokens: 40 }

  it.each([
    { timestamp: undefined, rejected: {} },
    { timestamp: '', rejected: {} },
    { timestamp: 'yesterday', rejected: { bad_time: 1 } },
    { timestamp: -5, rejected: { bad_time: 1 } },
  ])('case 39: timestamp $timestamp: counted at the time of the file', async ({ timestamp, rejected }) => {
    const tree = await loadTree({})
    tree.write(S1, [assistantLine({ timestamp, usage })], '2026-05-04T10:20:30Z')
    await tree.readAgain()
    expect(await tree.usage()).toEqual({ requests: 1, output: 40 })
    expect((await tree.responses()).map(({ time }) => new Date(time).toISOString())).toEqual([
      '2026-05-04T10:20:30.000Z',
    ])
    expect(tree.health('claude-code').rejected).toEqual(rejected)
  })

  it.each([
    { what: 'a string', input_tokens: '12' },
    { what: 'negative', input_tokens: -12 },
    { what: 'a fraction', input_tokens: 12.5 },
    { what: '2^53', input_tokens: 2 ** 53 },
    { what: 'an object', input_tokens: { value: 12 } },
  ])('case 40: a count that is $what: 0, one bad value, and the rest of the line counts', async ({ input_tokens }) => {
    const tree = await loadTree({ [S1]: [assistantLine({ usage: { input_tokens, ...usage } })] })
    expect(await tree.usage()).toEqual({ requests: 1, output: 40 })
    expect(tree.health('claude-code').rejected).toEqual({ bad_value: 1 })
  })

  it('case 40: several bad counts on one line are one bad value', async () => {
    const tree = await loadTree({
      [S1]: [assistantLine({ usage: { input_tokens: '1', cache_read_input_tokens: -1, ...usage } })],
    })
    expect(await tree.usage()).toEqual({ requests: 1, output: 40 })
    expect(tree.health('claude-code').rejected).toEqual({ bad_value: 1 })
  })

  it.each([
    { text: '6.0', input: 6 },
    { text: '6e0', input: 6 },
    { text: '9007199254740991', input: 2 ** 53 - 1 },
  ])('case 40: a count written as $text is fine', async ({ text, input }) => {
    const whole = assistantLine({ usage: { input_tokens: 77, ...usage } }).replace(':77', `:${text}`)
    const tree = await loadTree({ [S1]: [whole] })
    expect(await tree.usage()).toEqual({ requests: 1, input, output: 40 })
    expect(tree.health('claude-code').rejected).toEqual({})
  })

  it.each([{ version: 'dev' }, { version: undefined }, { version: 2 }, { version: null }])(
    'case 41: version $version: counted',
    async ({ version }) => {
      const tree = await loadTree({ [S1]: [assistantLine({ version, usage })] })
      expect(await tree.usage()).toEqual({ requests: 1, output: 40 })
    },
  )

  it('case 42: a project folder of more than 200 characters with cwd present: project by cwd', async () => {
    const folder = `-src${'-deep'.repeat(40)}-1k2m3n`
    const cwd = `/src${'/deep'.repeat(50)}/shop`
    const tree = await loadTree({ [`.claude/projects/${folder}/s1.jsonl`]: [assistantLine({ cwd, usage })] })
    expect(await tree.usageBy('project')).toEqual({ shop: { requests: 1, output: 40 } })
  })
})
