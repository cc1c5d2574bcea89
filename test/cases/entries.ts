type Fields = Readonly<Record<string, unknown>>

interface EntryFields {
  readonly message?: Fields
  readonly usage?: Fields
  readonly [name: string]: unknown
}

/** First line of a transcript of pi or OpenClaw. */
export function header(fields: Fields = {}): string {
  return entry({
    type: 'session',
    version: 3,
    id: 's1',
    timestamp: '2026-06-20T10:00:00.000Z',
    cwd: '/src/shop',
    ...fields,
  })
}

/**
 * An answer as pi and OpenClaw write it, at 10:00:02, all counts 0. What is given replaces that, by the names of the
 * log; undefined takes a field away.
 */
export function answer({ message = {}, usage = {}, ...fields }: EntryFields = {}): string {
  const timestamp = String(fields['timestamp'] ?? '2026-06-20T10:00:02.000Z')
  return entry({
    type: 'message',
    id: 'a1b2c3d4',
    parentId: null,
    timestamp,
    ...fields,
    message: {
      role: 'assistant',
      api: 'anthropic-messages',
      provider: 'anthropic',
      model: 'claude-sonnet-4-6',
      stopReason: 'stop',
      timestamp: Date.parse(timestamp),
      content: [{ type: 'text', text: 'Done.' }],
      ...message,
      usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, ...usage },
    },
  })
}

export function entry(fields: Fields): string {
  return JSON.stringify(fields)
}
