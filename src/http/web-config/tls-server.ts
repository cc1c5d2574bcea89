import type { RequestListener } from 'node:http'
import { createServer, type Server, type ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import { isWelcome } from './client-certificate.ts'
import { clientOptions, secureContextOptions } from './tls-options.ts'
import type { TlsSettings } from './web-config.ts'

const HANDSHAKE_TIMEOUT_MS = 10_000

export interface TlsServer {
  readonly server: Server
  /** Takes over other settings for the connections to come. */
  configure(settings: TlsSettings): void
  /** Ends all connections, those included that have not said what they want. */
  cutOff(): void
}

/** An HTTPS server, not listening yet, that lets in only clients whose certificate is as the settings want it. */
export function createTlsServer(initial: TlsSettings, options: ServerOptions, app: RequestListener): TlsServer {
  let settings = initial
  const server = createServer(
    {
      ...options,
      ...secureContextOptions(initial),
      ...clientOptions(initial.clients.policy),
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      ALPNProtocols: ['http/1.1'],
    },
    app,
  )
  server.on('secureConnection', (socket) => {
    if (!isWelcome(socket, settings.clients)) socket.destroy()
  })
  // What comes in by then is not HTTP yet, so that the server does not count it among its connections.
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return {
    server,
    configure(changed) {
      settings = changed
      server.setSecureContext(secureContextOptions(changed))
      // Read for each connection, and told of nowhere: https://github.com/nodejs/node/blob/v20.x/lib/_tls_wrap.js
      Object.assign(server, clientOptions(changed.clients.policy))
    },
    cutOff() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
