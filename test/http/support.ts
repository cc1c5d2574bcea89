import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { type AppParts, createApp } from '../../src/http/app.ts'
import { type ListenAddress, startServer } from '../../src/http/server.ts'
import { Health } from '../../src/metrics/health.ts'
import { healthOptions } from '../metrics/health-options.ts'
import { sampleSnapshot } from '../metrics/sample-snapshot.ts'

export interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A real server with the sample snapshot on a free port, closed at the end of the test. */
export async function startApp(parts: Partial<AppParts> = {}) {
  const errors: unknown[] = []
  const app = createApp({
    snapshot: () => sampleSnapshot,
    health: new Health(healthOptions),
    isReady: () => true,
    reload: async () => {},
    onError: (error) => errors.push(error),
    version: '1.2.3',
    telemetryPath: '/metrics',
    lifecycle: false,
    maxRequests: 40,
    allowedHosts: [],
    ...parts,
  })
  const server = await startServer({ app, addresses: [{ host: '127.0.0.1', port: 0 }], onError: () => {} })
  onTestFinished(() => server.close(0))
  const [address = { host: '', port: 0 }] = server.addresses
  return {
    server,
    address,
    errors,
    get: (path: string, asked: Asked = {}) => ask(address, path, asked),
  }
}

export function ask(
  { host, port }: ListenAddress,
  path: string,
  { method = 'GET', headers = {} }: Asked = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path, method, headers, agent: false }, async (response) => {
      try {
        const chunks = await response.toArray()
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) })
      } catch (error) {
        reject(error)
      }
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** Sends bytes as they are and gives everything that comes back until the connection ends. */
export function sendRaw({ host, port }: ListenAddress, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host)
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    socket.end(text)
  })
}

export function problemOf({ status, headers, body }: Answer): unknown {
  const problem: unknown = JSON.parse(body.toString())
  return { status, type: headers['content-type'], problem }
}

/** What `problemOf` gives for a problem document with this text. */
export function problem(status: number, title: string, detail: unknown) {
  return {
    status,
    type: 'application/problem+json; charset=utf-8',
    problem: { type: 'about:blank', title, status, detail },
  }
}
