import { createServer, type RequestListener, type Server } from 'node:http'
import { isIPv6 } from 'node:net'
import { OperatorError } from '../core/errors.ts'
import { createTlsServer } from './web-config/tls-server.ts'
import type { TlsSettings } from './web-config/web-config.ts'

export interface ListenAddress {
  /** A name or an address; `''` for all interfaces. */
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
}

export interface RunningServer {
  /** Where it listens, with the ports that were taken. */
  readonly addresses: readonly ListenAddress[]
  /** Takes no new requests, lets running ones finish for at most `graceMs`, then cuts them off. */
  close(graceMs: number): Promise<void>
  /** Takes over other TLS settings for the connections to come. Only for a server that began with TLS. */
  secure(tls: TlsSettings): void
}

/** One address that is listened on. */
interface Listener {
  readonly server: Server
  secure(tls: TlsSettings): void
  cutOff(): void
}

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** A client that takes nothing of its answer for this long is cut off, so that it cannot hold a place for ever. */
const STALLED_TIMEOUT_MS = 60_000
/** Longer than the usual scrape interval of a minute, so that Prometheus keeps its connection. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000
const IDLE_CHECK_INTERVAL_MS = 50
/** Connections that may wait to be taken. One that finds no room sends everything again, ever later. */
const BACKLOG = 4_096

/** Listens on every address, or on none and throws an OperatorError that names the one which is not to be had. */
export async function startServer(options: {
  readonly app: RequestListener
  readonly addresses: readonly ListenAddress[]
  /** Plain HTTP without it. */
  readonly tls?: TlsSettings | null
  /** Told when connections cannot be taken later on, for example because there are too many open files. */
  onError(error: unknown): void
}): Promise<RunningServer> {
  const { app, tls = null } = options
  const listeners: Listener[] = []
  const close = async (graceMs: number) => {
    await Promise.all(listeners.map((listener) => closeListener(listener, graceMs)))
  }
  try {
    for (const address of options.addresses) listeners.push(await listen(createListener(app, tls), address))
  } catch (error) {
    await close(0)
    throw error
  }
  for (const { server } of listeners) server.on('error', options.onError)
  return {
    addresses: listeners.map(({ server }) => addressOf(server)),
    close,
    secure(changed) {
      for (const listener of listeners) listener.secure(changed)
    },
  }
}

function createListener(app: RequestListener, tls: TlsSettings | null): Listener {
  const timeouts = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: HEADERS_TIMEOUT_MS / 2,
  }
  if (tls !== null) {
    const { server, configure, cutOff } = createTlsServer(tls, timeouts, app)
    return { server, secure: configure, cutOff }
  }
  const server = createServer(timeouts, app)
  return { server, secure() {}, cutOff: () => server.closeAllConnections() }
}

function listen(listener: Listener, address: ListenAddress): Promise<Listener> {
  const { server } = listener
  server.timeout = STALLED_TIMEOUT_MS
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(address, error)))
    server.listen(
      { port: address.port, backlog: BACKLOG, ...(address.host === '' ? {} : { host: address.host }) },
      () => {
        server.removeAllListeners('error')
        resolve(listener)
      },
    )
  })
}

async function closeListener({ server, cutOff }: Listener, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A kept connection becomes idle when its last answer is out, and nothing ends it then but asking again.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_INTERVAL_MS)
  const deadline = setTimeout(cutOff, graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(deadline)
}

function addressOf(server: Server): ListenAddress {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a TCP port')
  return { host: address.address, port: address.port }
}

function listenError(address: ListenAddress, error: NodeJS.ErrnoException): OperatorError {
  const name = `${isIPv6(address.host) ? `[${address.host}]` : address.host}:${address.port}`
  const [reason, fix] = reasonOf(error)
  return new OperatorError(`Cannot listen on ${name}: ${reason}`, { fix, cause: error })
}

function reasonOf({ code, message }: NodeJS.ErrnoException): [reason: string, fix: string] {
  switch (code) {
    case 'EADDRINUSE':
      return [
        'another program listens there',
        'Stop it, if it is another exporter, or choose another address with --web.listen-address.',
      ]
    case 'EACCES':
      return ['no permission', 'Choose a port above 1023 with --web.listen-address.']
    case 'EADDRNOTAVAIL':
      return ['this machine has no such address', 'Choose one of its addresses with --web.listen-address.']
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return ['the host name is not known', 'Give an address or a name of this machine with --web.listen-address.']
    default:
      return [message, 'Choose another address with --web.listen-address.']
  }
}
