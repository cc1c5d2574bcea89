import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { OperatorError } from '../../core/errors.ts'
import type { TlsOptions } from './options.ts'
import type { ServerAddress, SslMode } from './url.ts'

/** What the connection is secured by, of the setting, the URL and where the server is. */
export function sslModeFor({ mode }: TlsOptions, { sslMode, host }: ServerAddress): SslMode {
  if (host.startsWith('/')) return 'disable'
  if (mode !== 'auto') return mode
  return sslMode ?? (isThisMachine(host) ? 'disable' : 'verify-full')
}

/** Options of TLS, false for none. The files are read now. Throws OperatorError for one that cannot be read. */
export function tlsFor(options: TlsOptions, address: ServerAddress): ConnectionOptions | false {
  const mode = sslModeFor(options, address)
  if (mode === 'disable') return false
  const { caFile, certFile, keyFile } = options
  return {
    rejectUnauthorized: mode !== 'require',
    ...(caFile !== '' && { ca: readPem(caFile, 'ca_file') }),
    ...(certFile !== '' && { cert: readPem(certFile, 'cert_file') }),
    ...(keyFile !== '' && { key: readPem(keyFile, 'key_file') }),
    ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
  }
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

function readPem(path: string, setting: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new OperatorError(`Cannot read ${path}, which storage.tls.${setting} names`, {
      seen: cause instanceof Error ? cause.message : cause,
      fix: 'Make it readable for this user, or name another file.',
    })
  }
}
