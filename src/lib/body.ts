import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const compress = promisify(gzip)

/** A text as it goes out over HTTP. */
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
