import { createServer, type RequestListener, type Server } from 'node:http'
import { isIPv6 } from 'node:net'
import { OperatorError } from '../core/errors.ts'

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
}

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** A client that takes nothing of its answer for this long is cut off, so that it cannot hold a place for ever. */
const STALLED_TIMEOUT_MS = 60_000
/** Longer than the usual scrape interval of a minute, so that Prometheus keeps its connection. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000
const IDLE_CHECK_INTERVAL_MS = 50

/** Listens on every address, or on none and throws an OperatorError that names the one which is not to be had. */
export async function startServer(options: {
  readonly app: RequestListener
  readonly addresses: readonly ListenAddress[]
  /** Told when connections cannot be taken later on, for example because there are too many open files. */
  onError(error: unknown): void
}): Promise<RunningServer> {
  const servers: Server[] = []
  try {
    for (const address of options.addresses) servers.push(await listen(options.app, address))
  } catch (error) {
    await Promise.all(servers.map((server) => closeServer(server, 0)))
    throw error
  }
  for (const server of servers) server.on('error', options.onError)
  return {
    addresses: servers.map(addressOf),
    async close(graceMs) {
      await Promise.all(servers.map((server) => closeServer(server, graceMs)))
    },
  }
}

function listen(app: RequestListener, address: ListenAddress): Promise<Server> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: HEADERS_TIMEOUT_MS / 2,
    },
    app,
  )
  server.timeout = STALLED_TIMEOUT_MS
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(address, error)))
    server.listen({ port: address.port, ...(address.host === '' ? {} : { host: address.host }) }, () => {
      server.removeAllListeners('error')
      resolve(server)
    })
  })
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A kept connection becomes idle when its last answer is out, and nothing ends it then but asking again.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_INTERVAL_MS)
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(cutOff)
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
