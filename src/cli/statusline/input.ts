import type { Readable } from 'node:stream'

/** What came on standard input: its JSON, or in a few words why there is none. */
export type StatusInput = { readonly json: unknown } | { readonly problem: string }

const MAX_BYTES = 1_048_576
const PATIENCE_MS = 1_000

/**
 * Reads the JSON document on standard input. Never throws, takes at most 1 MiB and waits at most a second: whoever asks
 * for a status line waits for it.
 */
export async function readStatusInput(stream: Readable & { readonly isTTY?: boolean }): Promise<StatusInput> {
  if (stream.isTTY === true) return { problem: 'no input: Claude Code runs this command, see `windows --help`' }
  const bytes = await readAll(stream)
  if ('problem' in bytes) return bytes
  try {
    return { json: JSON.parse(new TextDecoder().decode(bytes.read)) }
  } catch {
    return { problem: bytes.read.length === 0 ? 'no input' : 'input is no JSON' }
  }
}

function readAll(stream: Readable): Promise<{ readonly read: Buffer } | { readonly problem: string }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const end = (result: { readonly read: Buffer } | { readonly problem: string }) => {
      clearTimeout(timer)
      // Nothing more is wanted, and nobody may be kept waiting by what would still come.
      stream.removeAllListeners('data')
      stream.on('error', () => {})
      stream.destroy()
      resolve(result)
    }
    const timer = setTimeout(() => end({ problem: 'input does not end' }), PATIENCE_MS)
    stream.on('data', (chunk: Buffer | string) => {
      const bytes = Buffer.from(chunk)
      length += bytes.length
      chunks.push(bytes)
      if (length > MAX_BYTES) end({ problem: 'input is larger than 1 MiB' })
    })
    stream.once('end', () => end({ read: Buffer.concat(chunks) }))
    stream.once('error', () => end({ problem: 'input cannot be read' }))
  })
}
