import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

export interface ReceivedRequest {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly type: string | undefined
  readonly body: string
}

/** A webhook whose address is a secret, and that answers as told. */
export async function startReceiver() {
  const received: ReceivedRequest[] = []
  let answer = (response: ServerResponse): unknown => response.end('ok')
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    received.push({ method: request.method, path: request.url, type: request.headers['content-type'], body })
    answer(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: new URL(`http://127.0.0.1:${address.port}/services/T0SECRET/B1SECRET?token=s3cr3t-t0ken`),
    received,
    /** From now on. */
    answerWith: (next: (response: ServerResponse) => unknown) => {
      answer = next
    },
    answerStatus: (status: number, headers: Readonly<Record<string, string>> = {}, body = '') => {
      answer = (response) => response.writeHead(status, headers).end(body)
    },
  }
}

/** What of the address nobody may see. */
export const SECRETS = ['T0SECRET', 'B1SECRET', 's3cr3t-t0ken', '/services/']
