import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterEach } from 'vitest'
import { SyncError } from '../../../src/core/sync-run.ts'
import type { AdminApi, ReadEvents } from '../../../src/sources/admin-api/admin-api.ts'
import { createAdminApi } from '../../../src/sources/admin-api/create-admin-api.ts'
import type { AdminApiOptions } from '../../../src/sources/admin-api/options.ts'

export const KEY = 'sk-ant-admin01-never-to-be-seen'
export const NOW = Date.UTC(2026, 10, 21, 12, 34, 56)
export const DAY = Date.UTC(2026, 10, 20)

export interface Seen {
  readonly url: URL
  readonly headers: IncomingMessage['headers']
}

type Handler = (seen: Seen, response: ServerResponse) => void

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A server on a free port that remembers what it was asked. */
export async function serve(handler: Handler): Promise<{ readonly baseUrl: string; readonly seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const one = { url: new URL(request.url ?? '/', 'http://localhost'), headers: request.headers }
    seen.push(one)
    handler(one, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { baseUrl: `http://127.0.0.1:${address.port}`, seen }
}

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers })
  response.end(JSON.stringify(body))
}

/** Answers with the pages one after the other. */
export function pages(...bodies: unknown[]): Handler {
  let next = 0
  return (_, response) => json(response, bodies[Math.min(next++, bodies.length - 1)])
}

export function apiFor(baseUrl: string, more: Partial<AdminApiOptions> = {}): AdminApi {
  return createAdminApi({
    organization: 'acme',
    credential: { kind: 'key', key: KEY },
    baseUrl,
    api: 'auto',
    pageSize: 0,
    requestsPerMinute: 0,
    requestTimeoutMs: 5000,
    version: '1.2.3',
    now: () => NOW,
    ...more,
  })
}

export function counting(): ReadEvents & { requests: number; rows: number } {
  return {
    requests: 0,
    rows: 0,
    request() {
      this.requests++
    },
    page(rows) {
      this.rows += rows
    },
  }
}

export const never = new AbortController().signal

/** The SyncError a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<SyncError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof SyncError) return error
    throw error
  }
  throw new Error('expected a failure')
}
