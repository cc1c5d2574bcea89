export interface ClaudeLine {
  readonly id: string
  readonly output: number
  readonly input?: number
  readonly cacheRead?: number
  readonly stop?: string | null
  readonly session?: string
  /** Epoch milliseconds. */
  readonly time: number
  readonly model?: string
  readonly cwd?: string
}

/** A line as Claude Code writes it for one content block of a response, with its line feed. */
export function claudeLine(line: ClaudeLine): string {
  const { id, output, input = 6, cacheRead = 0, stop = 'end_turn', session = 's1', time } = line
  return `${JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    userType: 'external',
    cwd: line.cwd ?? '/src/shop',
    sessionId: session,
    version: '2.1.126',
    gitBranch: 'main',
    message: {
      model: line.model ?? 'claude-opus-4-8',
      id: `msg_01${id.padStart(20, '0')}`,
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'ok' }],
      stop_reason: stop,
      stop_sequence: null,
      usage: {
        input_tokens: input,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: cacheRead,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        output_tokens: output,
        service_tier: 'standard',
      },
    },
    requestId: `req_01${id.padStart(20, '0')}`,
    type: 'assistant',
    uuid: `00000000-0000-4000-8000-${`${id}${stop === null ? 1 : 2}`.padStart(12, '0')}`,
    timestamp: new Date(time).toISOString(),
  })}\n`
}

interface UserLine {
  /** Epoch milliseconds. */
  readonly time: number
  readonly session?: string
  readonly text?: string
}

/** A prompt as a person types it, with its line feed. */
export function humanLine({ text = 'Go on.', ...line }: UserLine): string {
  return userLine({ ...line, content: text, origin: { kind: 'human' }, promptSource: 'typed' })
}

/** The result of a tool, with its line feed. */
export function toolResultLine({ text = 'ok', ...line }: UserLine): string {
  const content = [{ tool_use_id: 'toolu_01', type: 'tool_result', content: text, is_error: false }]
  return userLine({ ...line, content, toolUseResult: { stdout: text } })
}

function userLine(line: {
  readonly time: number
  readonly session?: string
  readonly content: unknown
  readonly [field: string]: unknown
}): string {
  const { time, session = 's1', content, ...fields } = line
  return `${JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    userType: 'external',
    cwd: '/src/shop',
    sessionId: session,
    version: '2.1.300',
    type: 'user',
    message: { role: 'user', content },
    ...fields,
    timestamp: new Date(time).toISOString(),
  })}\n`
}
