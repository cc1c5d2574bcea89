import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Request, Response } from 'express'

const compress = promisify(gzip)
/** Shorter bodies do not get shorter. */
const GZIP_FROM_BYTES = 1_000

/** A text as it goes out. */
export interface Body {
  readonly bytes: Buffer
  /** Changes whenever the text does. Without quotation marks. */
  readonly etag: string
  /** Compressed when it is first asked for, and then kept. */
  compressed(): Promise<Buffer>
}

/** `level`: of compression, 1 (fast) to 9 (small). */
export function createBody(text: string, level = 6): Body {
  const bytes = Buffer.from(text)
  let compressed: Promise<Buffer> | undefined
  return {
    bytes,
    etag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    compressed() {
      compressed ??= compress(bytes, { level })
      return compressed
    },
  }
}

/** Answers with the text, compressed where the client takes that, or says that the client has it already. */
export async function sendBody(request: Request, response: Response, body: Body, type: string): Promise<void> {
  const isGzip = body.bytes.length >= GZIP_FROM_BYTES && request.acceptsEncodings('gzip', 'identity') === 'gzip'
  response.set({ etag: `"${body.etag}${isGzip ? '-gzip' : ''}"`, vary: 'Accept-Encoding' })
  if (isKnown(request.headers['if-none-match'], body.etag)) {
    response.status(304).end()
    return
  }
  const bytes = isGzip ? await body.compressed() : body.bytes
  response.set({ 'content-type': type, 'content-length': String(bytes.length) })
  if (isGzip) response.set('content-encoding', 'gzip')
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/** Whether the client has the text, in either encoding. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((given) => {
    const tag = given.trim().replace(/^W\//, '')
    return tag === '*' || tag === `"${etag}"` || tag === `"${etag}-gzip"`
  })
}
