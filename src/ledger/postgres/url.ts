import { userInfo } from 'node:os'
import { OperatorError } from '../../core/errors.ts'

/** Where a server is, as a URL says it. */
export interface ServerAddress {
  /** A host name, an address, or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  /** Null where the URL has none. */
  readonly password: string | null
  readonly database: string
  readonly sslMode: SslMode | null
  /** The URL without its password, for messages. */
  readonly place: string
}

/** Words of libpq that say what a connection is secured by. */
export const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof SSL_MODES)[number]

const DEFAULT_PORT = 5432
const PARAMETERS = ['sslmode', 'host', 'port']

/** Throws OperatorError for what it does not understand, by name and never with the password. */
export function parseServerUrl(text: string): ServerAddress {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new OperatorError('The URL of the database cannot be read', {
      fix: 'Set storage.url to something like postgres://user@host:5432/database; special characters in it are written as %XX.',
    })
  }
  const url = new URL(text)
  for (const name of url.searchParams.keys()) {
    if (PARAMETERS.includes(name)) continue
    throw new OperatorError(`The URL of the database has a parameter that is not known: ${name}`, {
      seen: name,
      fix: `Known are ${PARAMETERS.join(', ')}. Certificates are set under storage.tls.`,
    })
  }
  const host = decoded(url.searchParams.get('host') ?? bare(url.hostname)) || 'localhost'
  if (host.includes(',')) {
    throw new OperatorError('The URL of the database names several hosts', {
      seen: host,
      fix: 'Name one, such as the address that follows the primary server.',
    })
  }
  const port = portOf(url.searchParams.get('port') ?? url.port)
  const user = decoded(url.username) || userInfo().username
  const database = decoded(url.pathname.replace(/^\//, '')) || user
  return {
    host,
    port,
    user,
    password: url.password === '' ? null : decoded(url.password),
    database,
    sslMode: sslModeOf(url.searchParams.get('sslmode')),
    place: `postgres://${encodeURIComponent(user)}@${placeOf(host)}:${port}/${encodeURIComponent(database)}`,
  }
}

function portOf(text: string): number {
  const port = text === '' ? DEFAULT_PORT : Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new OperatorError('The URL of the database has a port that cannot be', { seen: text })
}

function sslModeOf(text: string | null): SslMode | null {
  if (text === null) return null
  const mode = SSL_MODES.find((known) => known === text)
  if (mode !== undefined) return mode
  throw new OperatorError(`The URL of the database asks for sslmode=${text}`, {
    seen: text,
    fix: `Use one of ${SSL_MODES.join(', ')}: whether a connection is encrypted is never left to chance.`,
  })
}

/** An IPv6 address without its brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

function placeOf(host: string): string {
  if (host.includes(':')) return `[${host}]`
  return host.startsWith('/') ? encodeURIComponent(host) : host
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
