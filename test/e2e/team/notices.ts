import { once } from 'node:events'
import { createServer } from 'node:http'

interface Notice {
  readonly name: string
  readonly severity: string
  readonly labels: Readonly<Record<string, string>>
}

/** A receiver of the exporter's own notices that remembers all of them. */
export async function startNoticeReceiver() {
  const received: Notice[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    received.push(...(JSON.parse(body) as { notices: Notice[] }).notices)
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    /** So far, as `name severity budget`. */
    told: (): readonly string[] =>
      received.map(({ name, severity, labels }) => `${name} ${severity} ${labels['budget'] ?? ''}`.trimEnd()),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
