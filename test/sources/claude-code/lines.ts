/** A line of the assistant, as far as these tests care; `extra` may change anything. */
export function assistant(id: string, output: number, stopReason: string | null, extra: object = {}) {
  return {
    type: 'assistant',
    uuid: `line-${id}-${output}`,
    sessionId: 's-1',
    requestId: `req_${id}`,
    timestamp: '2026-05-04T09:12:00.000Z',
    cwd: '/src/shop',
    message: {
      id: apiId(id),
      model: 'claude-opus-4-8',
      stop_reason: stopReason,
      content: [],
      usage: { input_tokens: 6, output_tokens: output },
    },
    ...extra,
  }
}

/** An id in the shape of the API's. */
export function apiId(name: string): string {
  return `msg_01${name.padEnd(20, '0')}`
}

export function jsonLines(lines: readonly object[]): Buffer {
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}
