import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScanOutput } from '../../../src/sources/files/format.ts'
import { assistant, jsonLines } from './lines.ts'
import { fileContext, MODIFIED_MS, parsingReader, quickReader, scanBytes, scanLines } from './support.ts'

const TIME = '2026-05-04T09:12:44.120Z'
const TURN = { source: 'claude-code', session: 's-1', time: Date.parse(TIME) }

/** A line of a human as releases up to 2.1.1xx write it; `extra` may change anything. */
function user(extra: object = {}) {
  return {
    parentUuid: null,
    isSidechain: false,
    userType: 'external',
    cwd: '/src/shop',
    sessionId: 's-1',
    type: 'user',
    message: { role: 'user', content: 'Fix the login.' },
    uuid: 'u-1',
    timestamp: TIME,
    ...extra,
  }
}

const says = (content: unknown, extra: object = {}) => user({ message: { role: 'user', content }, ...extra })
const text = (words: string) => ({ type: 'text', text: words })
const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }
const toolResult = (content: unknown) => ({ tool_use_id: 'toolu_1', type: 'tool_result', content })

/** A prompt that was typed while the agent worked. */
function queued(attachment: object = {}, extra: object = {}) {
  return {
    parentUuid: 'a-1',
    isSidechain: false,
    attachment: { type: 'queued_command', prompt: 'And the tests.', commandMode: 'prompt', ...attachment },
    type: 'attachment',
    uuid: 'q-1',
    timestamp: TIME,
    sessionId: 's-1',
    ...extra,
  }
}

function turnsOf(lines: readonly unknown[]): ScanOutput['turns'] {
  return scanLines(lines).turns
}

describe('a human turn', () => {
  it.each([
    { what: 'a typed prompt of an older release', line: user() },
    { what: 'a prompt of several blocks', line: says([text('Like this:'), picture]) },
    { what: 'a picture alone', line: says([picture]) },
    { what: 'a slash command', line: says('<command-name>/review</command-name>') },
    { what: 'a command for the shell', line: says('<bash-input>npm test</bash-input>') },
    { what: 'a prompt behind a reminder', line: says([text('<system-reminder>x</system-reminder>'), text('Go on.')]) },
    { what: 'a prompt of a newer release', line: user({ origin: { kind: 'human' }, promptSource: 'typed' }) },
    {
      what: 'a prompt sent from a phone',
      line: user({ origin: { kind: 'human' }, promptSource: 'sdk', entrypoint: 'remote_mobile' }),
    },
    { what: 'a prompt that waited for the agent', line: user({ promptSource: 'queued' }) },
    { what: 'a suggestion that was taken', line: user({ promptSource: 'suggestion_accepted' }) },
    {
      what: 'a typed prompt that quotes a notification',
      line: says('<task-notification> hangs', { promptSource: 'typed' }),
    },
    { what: 'a prompt in an editor', line: user({ entrypoint: 'claude-vscode' }) },
    { what: 'a prompt typed while the agent works', line: queued({ origin: { kind: 'human' } }) },
    { what: 'the same of an older release', line: queued() },
    { what: 'a false mark', line: user({ isMeta: false, isCompactSummary: false, toolUseResult: null }) },
    { what: 'a prompt that is about results of tools', line: says('Why "tool_use_id": and "type":"tool_result"?') },
  ])('is $what', ({ line }) => {
    expect(turnsOf([line])).toEqual([TURN])
  })

  it.each([
    { what: 'the result of a tool', line: says([toolResult('ok')]) },
    { what: 'the result of a tool with text beside it', line: says([text('See:'), toolResult('ok')]) },
    { what: 'a result told by its field alone', line: says('ok', { toolUseResult: { stdout: 'ok' } }) },
    { what: 'a failed result', line: says('Error: no such tool', { toolUseResult: 'Error: no such tool' }) },
    { what: 'a line of the client', line: user({ isMeta: true }) },
    { what: 'the task of a sub-agent', line: user({ isSidechain: true }) },
    { what: 'a line of an agent with an id', line: user({ agentId: 'a1' }) },
    { what: 'the summary of a compaction', line: user({ isCompactSummary: true }) },
    { what: 'a line for the eyes only', line: user({ isVisibleInTranscriptOnly: true }) },
    { what: 'the output of a command', line: says('<local-command-stdout>ok</local-command-stdout>') },
    { what: 'the errors of a command', line: says('  <local-command-stderr>no</local-command-stderr>') },
    { what: 'the output of the shell', line: says('<bash-stdout>ok</bash-stdout><bash-stderr></bash-stderr>') },
    { what: 'an interruption', line: says([text('[Request interrupted by user for tool use]')]) },
    { what: 'news of a task', line: says('<task-notification>done</task-notification>') },
    { what: 'declared news of a task', line: user({ origin: { kind: 'task-notification' }, promptSource: 'system' }) },
    { what: 'a message of another session', line: user({ origin: { kind: 'peer' } }) },
    { what: 'a continuation', line: user({ origin: { kind: 'auto-continuation' }, promptSource: 'typed' }) },
    { what: 'an origin of no kind', line: user({ origin: {} }) },
    { what: 'an origin that is text', line: user({ origin: 'human' }) },
    { what: 'a prompt of the system', line: user({ promptSource: 'system' }) },
    { what: 'a prompt of a program', line: user({ promptSource: 'sdk', entrypoint: 'sdk-cli' }) },
    { what: 'a prompt of a program of an older release', line: user({ entrypoint: 'sdk-py' }) },
    { what: 'a source that is null', line: user({ promptSource: null }) },
    { what: 'a queued notification', line: queued({ commandMode: 'task-notification' }) },
    { what: 'a queued message of another agent', line: queued({ origin: { kind: 'coordinator' } }) },
    { what: 'another attachment', line: queued({ type: 'todo_reminder' }) },
    { what: 'no content', line: user({ message: { role: 'user' } }) },
    { what: 'an empty prompt', line: says(' \n') },
    { what: 'an empty list', line: says([]) },
    { what: 'a list of anything', line: says([null, 1, 'text', [text('x')]]) },
    { what: 'a message of another role', line: user({ message: { role: 'assistant', content: 'x' } }) },
    { what: 'a message that is none', line: user({ message: 'x' }) },
    { what: 'a line of another type', line: user({ type: 'system' }) },
    { what: 'a line without a time', line: user({ timestamp: undefined }) },
    { what: 'a line with a time that cannot be read', line: user({ timestamp: 'yesterday' }) },
    { what: 'a line of tomorrow', line: user({ timestamp: new Date(MODIFIED_MS + 86_400_000).toISOString() }) },
  ])('is not $what', ({ line }) => {
    expect(turnsOf([line])).toEqual([])
  })

  it('is told whatever the spacing and the order of the keys', () => {
    const spaced = JSON.stringify(user()).replaceAll('":', '" : ').replaceAll(',"', ' , "')
    const { type, message, ...rest } = user()
    const other = JSON.stringify({ message, ...rest, origin: { kind: 'human' }, type })
    expect([spaced, other, `\uFEFF${JSON.stringify(user())}  \r`].map((line) => turnsOf([line]))).toEqual([
      [TURN],
      [TURN],
      [TURN],
    ])
  })

  it('may be a little ahead of the clock', () => {
    const timestamp = new Date(MODIFIED_MS + 60_000).toISOString()
    expect(turnsOf([user({ timestamp })])).toEqual([{ ...TURN, time: MODIFIED_MS + 60_000 }])
  })

  it('is found by either reader', () => {
    const lines = jsonLines([user(), assistant('A', 20, 'end_turn'), says([toolResult('ok')])])
    const turns = [quickReader(), parsingReader()].map(
      (reader) => scanBytes(lines, fileContext('-p/s.jsonl'), reader).turns,
    )
    expect(turns).toEqual([[TURN], [TURN]])
  })
})

describe('the newest turn of a block', () => {
  const at = (time: string, extra: object = {}) => user({ timestamp: `2026-05-04T${time}.000Z`, ...extra })
  const timeOf = (time: string) => Date.parse(`2026-05-04T${time}.000Z`)

  it('is the last one, whatever follows it', () => {
    const later = [says([toolResult('ok')]), user({ isMeta: true }), assistant('A', 20, 'end_turn')]
    expect(turnsOf([at('09:00:00'), at('10:00:00'), ...later])).toEqual([{ ...TURN, time: timeOf('10:00:00') }])
  })

  it('is the one before a line that cannot be dated or comes from the future', () => {
    const lines = [at('09:00:00'), user({ timestamp: 'later' }), user({ timestamp: '2999-01-01T00:00:00.000Z' })]
    expect(turnsOf(lines)).toEqual([{ ...TURN, time: timeOf('09:00:00') }])
  })

  it('is the one before a torn line', () => {
    const torn = JSON.stringify(at('10:00:00')).slice(0, -9)
    expect(turnsOf([at('09:00:00'), torn])).toEqual([{ ...TURN, time: timeOf('09:00:00') }])
  })

  it('belongs to the session that usage of the same line would belong to', () => {
    expect(turnsOf([user({ sessionId: undefined })])).toEqual([{ ...TURN, session: 's-file' }])
    expect(turnsOf([user({ sessionId: 'fork', forkedFrom: { sessionId: 's-1' } })])).toEqual([TURN])
    expect(turnsOf([user({ sessionId: 'fork', requestSessionId: 's-1' })])).toEqual([TURN])
  })

  it('is none in the transcript of a sub-agent, which repeats what its parent was told', () => {
    const context = fileContext('-src-shop/s-1/subagents/agent-aside_question-1f.jsonl')
    expect(scanLines([user({ origin: { kind: 'human' } })], context).turns).toEqual([])
  })

  it('is found in every block that has one', () => {
    const blocks = [jsonLines([at('09:00:00')]), jsonLines([says([toolResult('ok')])]), jsonLines([at('10:00:00')])]
    expect(blocks.flatMap((block) => scanBytes(block).turns.map(({ time }) => time))).toEqual([
      timeOf('09:00:00'),
      timeOf('10:00:00'),
    ])
  })

  it('is not looked for in a line that is too long to be parsed', () => {
    const long = says('x'.repeat(8 * 1024 * 1024), { promptSource: 'typed' })
    expect(turnsOf([at('09:00:00'), long])).toEqual([{ ...TURN, time: timeOf('09:00:00') }])
  })
})

describe('text inside of lines', () => {
  const fake = JSON.stringify(user({ origin: { kind: 'human' }, promptSource: 'typed' }))

  it.each([
    says([toolResult(`${fake}\n${fake}`)]),
    says([toolResult([text(fake)])]),
    says('ok', { toolUseResult: { stdout: fake, type: 'user', message: { role: 'user', content: 'x' } } }),
    assistant('A', 20, 'end_turn', { content: fake }),
    { type: 'system', content: fake, sessionId: 's-1', timestamp: TIME },
    { type: 'progress', data: { type: 'agent_progress', message: user() }, sessionId: 's-1', timestamp: TIME },
    { attachment: { type: 'file', content: `"queued_command" ${fake}` }, type: 'attachment', timestamp: TIME },
  ])('never makes a turn', (line) => {
    expect(turnsOf([line])).toEqual([])
  })

  it('never makes a turn out of the result of a tool, whatever it is', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('"type":"user"', '"tool_use_id":', fake, '"}]}}', '\n', '\\', '\u2028'),
    )
    const content = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(content, (words) => {
        expect(turnsOf([says([toolResult(words)])])).toEqual([])
      }),
    )
  })

  it('never hides a turn', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('"tool_use_id":', '"type":"tool_result"', fake, '\\"', '{', '}\n'),
    )
    const content = fc.array(piece, { maxLength: 8 }).map((pieces) => `Why ${pieces.join('')}`)
    fc.assert(
      fc.property(content, (words) => {
        expect(turnsOf([says(words)])).toEqual([TURN])
      }),
    )
  })
})
