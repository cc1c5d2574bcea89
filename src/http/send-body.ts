import type { Request, Response } from 'express'
import type { Body } from '../lib/body.ts'

/** Shorter bodies do not get shorter. */
const GZIP_FROM_BYTES = 1_000

/** Whether the client takes its answer compressed. */
export function takesGzip(request: Request): boolean {
  return request.acceptsEncodings('gzip', 'identity') === 'gzip'
}

/**
 * Answers with the body, compressed where the client takes that. A client that has it already, in either encoding, is
 * told so, unless the answer is another one than 200.
 */
export async function sendBody(request: Request, response: Response, body: Body, type: string): Promise<void> {
  const isGzip = body.bytes.length >= GZIP_FROM_BYTES && takesGzip(request)
  const [plain, compressed] = [`"${body.etag}"`, `"${body.etag}-gzip"`]
  const current = isGzip ? compressed : plain
  response.set({ etag: current, vary: 'Accept-Encoding' })
  const known =
    response.statusCode === 200 ? knownOf(request.headers['if-none-match'], current, plain, compressed) : null
  if (known !== null) {
    // With the tag of what the client has: another one would be that of an answer it does not have.
    response.status(304).set({ etag: known }).end()
    return
  }
  const bytes = isGzip ? await body.compressed() : body.bytes
  response.set({ 'content-type': type, 'content-length': String(bytes.length) })
  if (isGzip) response.set('content-encoding', 'gzip')
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/** The first of the tags, the best one first, that an `If-None-Match` header names; null: none. */
function knownOf(header: string | undefined, ...tags: readonly [string, ...string[]]): string | null {
  if (header === undefined) return null
  const given = new Set(header.split(',').map((tag) => tag.trim().replace(/^W\//, '')))
  return given.has('*') ? tags[0] : (tags.find((tag) => given.has(tag)) ?? null)
}
