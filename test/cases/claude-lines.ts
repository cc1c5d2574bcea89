import { createHash } from 'node:crypto'

type Fields = Readonly<Record<string, unknown>>

interface LineFields {
  readonly message?: Fields
  readonly usage?: Fields
  readonly [name: string]: unknown
}

/** Id of an API response, as Anthropic makes them. */
export function msg(name: string): string {
  return `msg_01${name.padStart(22, 'x')}`
}

/**
 * A line of the assistant as Claude Code 2.1 writes it: one block of response `A` in session `s1`, final, all counts 0.
 * What is given replaces that, by the names of the log; undefined takes a field away.
 */
export function assistantLine({ message = {}, usage = {}, ...fields }: LineFields = {}): string {
  return line({
    requestId: 'req_011A',
    ...fields,
    type: 'assistant',
    message: {
      model: 'claude-opus-4-8',
      id: msg('A'),
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'Done.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      ...message,
      usage: {
        input_tokens: 0,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        output_tokens: 0,
        service_tier: 'standard',
        ...usage,
      },
    },
  })
}

/** What the user said, or the result of a tool. */
export function userLine(fields: Fields = {}): string {
  return line({ type: 'user', message: { role: 'user', content: 'Go on.' }, ...fields })
}

/** A line of any type, with what all types have in common. */
export function line(fields: Fields): string {
  const complete = {
    parentUuid: null,
    isSidechain: false,
    userType: 'external',
    cwd: '/src/shop',
    sessionId: 's1',
    version: '2.1.126',
    gitBranch: 'main',
    timestamp: '2026-05-04T09:12:44.120Z',
    ...fields,
  }
  // Equal lines have equal ids, as copies do.
  const hash = createHash('sha256').update(JSON.stringify(complete)).digest('hex')
  const uuid = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
  return JSON.stringify({ uuid, ...complete })
}
