import type * as z from 'zod/mini'

/** Longest time for all questions to one hop. */
const LIMIT_MS = 5_000
const MAX_BYTES = 1024 * 1024

/** Why an answer is none, in words for people. */
export class AskError extends Error {
  override readonly name = 'AskError'
}

export interface Answer {
  readonly status: number
  readonly text: string
}

/** Asks one server; all questions together have five seconds. */
export interface Asker {
  get(path: string): Promise<Answer>
  /** The parsed answer with status 200. Rejects with AskError for anything else. */
  json<Shape>(path: string, shape: z.ZodMiniType<Shape>): Promise<Shape>
}

export interface AskOptions {
  /** Sent as a bearer token, to this server only. */
  readonly token?: string
  readonly limitMs?: number
}

/** @param base address of the server, path prefix included */
export function createAsker(base: URL, { token, limitMs = LIMIT_MS }: AskOptions = {}): Asker {
  const signal = AbortSignal.timeout(limitMs)
  const prefix = base.href.replace(/\/+$/, '')
  const get = async (path: string): Promise<Answer> => {
    try {
      const headers = {
        accept: 'application/json, text/plain',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      }
      const response = await fetch(prefix + path, { headers, redirect: 'manual', signal })
      return { status: response.status, text: await boundedText(response) }
    } catch (error) {
      throw error instanceof AskError ? error : new AskError(reasonOf(error, limitMs))
    }
  }
  return {
    get,
    async json(path, shape) {
      const { status, text } = await get(path)
      if (status !== 200) throw new AskError(statusText(status))
      const parsed = shape.safeParse(parseJson(text))
      if (!parsed.success) throw new AskError('the answer is not what this API promises')
      return parsed.data
    },
  }
}

export function statusText(status: number): string {
  if (status === 401 || status === 403) return `it asks for a login (status ${status})`
  if (status >= 300 && status < 400) return `it sends elsewhere (status ${status}), which is not followed`
  return `it answers with status ${status}`
}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.length
    if (bytes > MAX_BYTES) throw new AskError('the answer is longer than 1 MiB')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown, limitMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${limitMs / 1_000} s`
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null
  if (code === 'ECONNREFUSED') return 'nothing listens there (connection refused)'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name is not known (DNS)'
  return code === null ? 'the connection failed' : `the connection failed (${code})`
}
