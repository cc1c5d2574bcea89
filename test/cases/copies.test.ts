import { describe, expect, it } from 'vitest'
import { assistantLine, line, msg, userLine } from './claude-lines.ts'
import { loadTree } from './support.ts'

const FOLDER = '.claude/projects/-src-shop'
const at = (time: string) => `2026-05-04T${time}.000Z`

describe('a session that was copied', () => {
  /** The same response, as it stands in the original and in copies of it. */
  const response = (fields: Readonly<Record<string, unknown>>) =>
    assistantLine({ timestamp: at('09:12:44'), uuid: 'line-1', usage: { output_tokens: 20 }, ...fields })

  it.each([
    { original: 'a', copy: 'b' },
    { original: 'b', copy: 'a' },
  ])(
    'case 5: the same id and requestId in two session files, $copy made by /branch from $original: once, the original owns it',
    async ({ original, copy }) => {
      const tree = await loadTree({
        [`${FOLDER}/${original}.jsonl`]: [response({ sessionId: original })],
        [`${FOLDER}/${copy}.jsonl`]: [
          response({ sessionId: copy, forkedFrom: { sessionId: original, messageUuid: 'u' } }),
        ],
      })
      expect(await tree.usageBy('session')).toEqual({ [original]: { requests: 1, output: 20 } })
      expect(tree.snapshot().sessionsStarted).toMatchObject([{ sessions: 1n }])
    },
  )

  it.each([
    { original: 'a', copy: 'b' },
    { original: 'b', copy: 'a' },
  ])(
    'case 5: in two session files, $copy made by --fork-session from $original, whose file began earlier: once, the original owns it',
    async ({ original, copy }) => {
      const tree = await loadTree({
        [`${FOLDER}/${original}.jsonl`]: [
          userLine({ timestamp: at('09:12:00'), sessionId: original }),
          response({ sessionId: original }),
        ],
        [`${FOLDER}/${copy}.jsonl`]: [
          line({ type: 'queue-operation', operation: 'enqueue', timestamp: at('10:00:00'), sessionId: copy }),
          userLine({ timestamp: at('09:12:00'), sessionId: copy }),
          response({ sessionId: copy }),
        ],
      })
      expect(await tree.usageBy('session')).toEqual({ [original]: { requests: 1, output: 20 } })
    },
  )

  it('case 5: where the copy was counted before the original was there: nothing is left with the copy', async () => {
    const copy = response({ sessionId: 's2', cwd: '/src/copy' })
    const tree = await loadTree({ [`${FOLDER}/s2.jsonl`]: [userLine({ timestamp: at('09:30:00') }), copy] })
    expect(await tree.usageBy('session', 'project')).toEqual({ 's2 copy': { requests: 1, output: 20 } })
    tree.write(`${FOLDER}/s1.jsonl`, [response({ sessionId: 's1' })])
    await tree.readAgain()
    expect(await tree.usageBy('session')).toEqual({ s1: { requests: 1, output: 20 } })
    expect(await tree.usageBy('project')).toEqual({ shop: { requests: 1, output: 20 } })
    expect((await tree.ledger.findSessions('s')).map(({ session }) => session)).toEqual(['s1'])
    // A counter cannot fall: what was shown under the copy is taken back beside it.
    const reversed = tree
      .snapshot()
      .counters.map(({ labels, tokens, reversedTokens }) => [labels.project, tokens[4], reversedTokens[4]])
    expect(reversed.sort()).toEqual([
      ['copy', 20n, 20n],
      ['shop', 20n, 0n],
    ])
  })

  it('case 6: a fork whose original file is gone: once, the session of forkedFrom owns it', async () => {
    const tree = await loadTree({
      [`${FOLDER}/s2.jsonl`]: [
        response({ sessionId: 's2', forkedFrom: { sessionId: 's1', messageUuid: 'u' } }),
        assistantLine({ message: { id: msg('B') }, sessionId: 's2', usage: { output_tokens: 5 } }),
      ],
    })
    expect(await tree.usageBy('session')).toEqual({ s1: { requests: 1, output: 20 }, s2: { requests: 1, output: 5 } })
  })

  it('case 6: the same with requestSessionId, which names the payer through a fork of a fork', async () => {
    const tree = await loadTree({
      [`${FOLDER}/s2.jsonl`]: [response({ sessionId: 's2', requestSessionId: 's0' })],
      [`${FOLDER}/s3.jsonl`]: [
        response({ sessionId: 's3', requestSessionId: 's0', forkedFrom: { sessionId: 's2', messageUuid: 'u' } }),
      ],
    })
    expect(await tree.usageBy('session')).toEqual({ s0: { requests: 1, output: 20 } })
  })
})

describe('a sub-agent beside its parent', () => {
  const PARENT = `${FOLDER}/s1.jsonl`
  const AGENT = `${FOLDER}/s1/subagents/agent-aside_question-a17f.jsonl`
  const parent = { message: { id: msg('A') }, timestamp: at('09:12:44'), usage: { output_tokens: 20 } }
  const agent = { isSidechain: true, agentId: 'a17f' }

  it.each([{ isSidechain: true }, { isSidechain: false }])(
    'case 7: its file starts with lines of the parent, isSidechain $isSidechain: the replay adds nothing',
    async ({ isSidechain }) => {
      const tree = await loadTree({
        [PARENT]: [assistantLine(parent)],
        [AGENT]: [
          assistantLine({ ...parent, isSidechain, agentId: 'a17f' }),
          assistantLine({
            message: { id: msg('B') },
            timestamp: at('09:13:00'),
            ...agent,
            usage: { output_tokens: 7 },
          }),
        ],
      })
      expect(await tree.usageBy('agent')).toEqual({
        none: { requests: 1, output: 20 },
        aside_question: { requests: 1, output: 7 },
      })
      expect(await tree.usageBy('session')).toEqual({ s1: { requests: 2, output: 27 } })
    },
  )

  it('case 7: a replayed line with the placeholder, written before the line of the parent is final', async () => {
    const placeholder = { message: { id: msg('A'), stop_reason: null }, usage: { output_tokens: 3 } }
    const tree = await loadTree({ [PARENT]: [] })
    tree.write(AGENT, [assistantLine({ ...parent, ...agent, ...placeholder })])
    await tree.readAgain()
    tree.write(PARENT, [assistantLine(parent)])
    await tree.readAgain()
    expect(await tree.usageBy('agent')).toEqual({ none: { requests: 1, output: 20 } })
    expect(tree.counters()).toEqual({ requests: 1, output: 20 })
  })

  /** A line of the sub-agent, and its live echo in the file of the parent. */
  const usage = { input_tokens: 9, output_tokens: 40 }
  const own = assistantLine({ ...agent, message: { id: msg('E') }, usage })
  const echo = (output_tokens: number, stop_reason: string | null) =>
    line({
      type: 'progress',
      toolUseID: 'agent_msg_1',
      data: {
        type: 'agent_progress',
        agentId: 'a17f',
        prompt: 'look',
        message: {
          type: 'assistant',
          requestId: 'req_011A',
          message: { id: msg('E'), model: 'claude-opus-4-8', stop_reason, usage: { input_tokens: 9, output_tokens } },
        },
      },
    })

  it('case 13: an agent_progress echo and the file of the sub-agent: once, under the sub-agent', async () => {
    const tree = await loadTree({ [PARENT]: [echo(2, null)], [AGENT]: [own] })
    expect(await tree.usageBy('session', 'agent')).toEqual({
      's1 aside_question': { requests: 1, input: 9, output: 40 },
    })
  })

  it('case 13: the same where the echo is read first, or claims more', async () => {
    const tree = await loadTree({ [PARENT]: [] })
    tree.append(PARENT, [echo(9999, 'end_turn')])
    await tree.readAgain()
    tree.write(AGENT, [own])
    await tree.readAgain()
    expect(await tree.usageBy('agent')).toEqual({ aside_question: { requests: 1, input: 9, output: 40 } })
    expect(tree.counters()).toEqual({ requests: 1, input: 9, output: 40 })
  })

  it('case 14: an agent_progress echo, the file of the sub-agent deleted: counted from the echo', async () => {
    const tree = await loadTree({ [PARENT]: [echo(2, null), echo(31, null)] })
    expect(await tree.usageBy('session', 'agent')).toEqual({
      's1 subagent': { requests: 1, input: 9, output: 31, unfinal: 1 },
    })
  })
})

describe('one folder reached in two ways', () => {
  it('case 36: two roots, one a symlink of the other: counted once', async () => {
    const tree = await loadTree({ [`${FOLDER}/s1.jsonl`]: [assistantLine({ usage: { output_tokens: 20 } })] })
    tree.link('.claude', '.config/claude')
    await tree.restart()
    expect(await tree.usage()).toEqual({ requests: 1, output: 20 })
    expect(tree.health('claude-code')).toMatchObject({ up: true, streams: 1, duplicates: 0 })
  })

  it('case 36: the same where CLAUDE_CONFIG_DIR names both', async () => {
    const files = { 'first/projects/-src-shop/s1.jsonl': [assistantLine({ usage: { output_tokens: 20 } })] }
    const tree = await loadTree(files, { env: { CLAUDE_CONFIG_DIR: '~/first,~/second' } })
    tree.link('first', 'second')
    await tree.restart()
    expect(await tree.usage()).toEqual({ requests: 1, output: 20 })
    expect(tree.health('claude-code')).toMatchObject({ up: true, streams: 1, duplicates: 0 })
  })
})
