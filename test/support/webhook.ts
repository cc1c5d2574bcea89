import { once } from 'node:events'
import { createServer } from 'node:http'

/** One alert as Alertmanager's webhook has it. */
export interface ReceivedAlert {
  readonly status: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** When it came, epoch milliseconds. */
  readonly at: number
}

/** A receiver of Alertmanager's messages that remembers every alert in them. */
export async function startWebhook() {
  const received: ReceivedAlert[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { alerts } = JSON.parse(body) as { alerts: Omit<ReceivedAlert, 'at'>[] }
    received.push(...alerts.map((alert) => ({ ...alert, at: Date.now() })))
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    received: received as readonly ReceivedAlert[],
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
