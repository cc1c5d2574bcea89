import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:https'
import type { DocumentedFiles } from './documented-files.ts'

export interface TlsProxy {
  readonly port: number
  close(): void
}

/** Who is let in: whoever has the password, or a certificate of the authority. */
export type Admission = { readonly user: string; readonly password: string } | 'client certificate'

/** What the pages tell to put in front of the exporter: TLS, admission, and `/metrics` passed on with its `Host`. */
export async function startTlsProxy(files: DocumentedFiles, target: string, admission: Admission): Promise<TlsProxy> {
  const byCertificate = admission === 'client certificate'
  const server = createServer(
    {
      cert: readFileSync(files.serverCertificate),
      key: readFileSync(files.serverKey),
      ...(byCertificate && { ca: readFileSync(files.ca), requestCert: true, rejectUnauthorized: true }),
    },
    (incoming, outgoing) => {
      if (!byCertificate && !knowsPassword(incoming, admission)) {
        outgoing.writeHead(401, { 'www-authenticate': 'Basic realm="metrics"' }).end()
      } else if (incoming.url?.split('?')[0] !== '/metrics') {
        outgoing.writeHead(404).end()
      } else {
        const { headers, method, url = '' } = incoming
        const passedOn = request(`${target}${url}`, { method, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(outgoing)
        })
        passedOn.once('error', () => outgoing.writeHead(502).end())
        passedOn.end()
      }
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function knowsPassword({ headers }: IncomingMessage, { user, password }: { user: string; password: string }): boolean {
  return headers.authorization === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
