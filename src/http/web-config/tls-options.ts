import { constants } from 'node:crypto'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { DEFAULT_CIPHERS, OLD_CIPHERS } from './tls-names.ts'
import type { ClientPolicy, TlsSettings } from './web-config.ts'

/** The settings as Node.js takes them, for a server and for a change of one that runs. */
export function secureContextOptions(settings: TlsSettings): SecureContextOptions {
  const { cert, key, clients, minVersion, maxVersion, curves, prefersServerCiphers } = settings
  return {
    cert,
    key,
    minVersion,
    maxVersion,
    ciphers: cipherList(settings),
    ecdhCurve: curves?.join(':') ?? 'auto',
    honorCipherOrder: prefersServerCiphers,
    ...(clients.policy !== 'none' && clients.ca !== null && { ca: clients.ca }),
    // A resumed session would be believed for what its certificate was worth when it began.
    ...(clients.policy !== 'none' && { secureOptions: constants.SSL_OP_NO_TICKET }),
  }
}

/** How a connection is asked for its certificate; what is thought of it, see `client-certificate.ts`. */
export function clientOptions(policy: ClientPolicy): { requestCert: boolean; rejectUnauthorized: boolean } {
  return { requestCert: policy !== 'none', rejectUnauthorized: policy === 'require and verify' }
}

/** Why these settings, each right by itself, cannot be used; null when they can. */
export function secureContextProblem(settings: TlsSettings): string | null {
  const { ciphers, maxVersion } = settings
  if (ciphers !== null && maxVersion !== 'TLSv1.3' && ciphers.every(isOfTls13)) {
    return `all of cipher_suites are for TLS 1.3, which max_version rules out`
  }
  try {
    createSecureContext(secureContextOptions(settings))
    return null
  } catch (error) {
    return `cannot be used: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Node.js turns TLS 1.3 off where no suite of it is named; Go, whose meaning the file has, uses all of them then. */
function cipherList({ ciphers, minVersion, maxVersion }: TlsSettings): string {
  const isOld = minVersion < 'TLSv1.2'
  const named = ciphers ?? [...DEFAULT_CIPHERS, ...(isOld ? OLD_CIPHERS : [])]
  const implied = named.some(isOfTls13) ? [] : DEFAULT_CIPHERS.filter(isOfTls13)
  const list = [...implied, ...named].filter((name) => maxVersion === 'TLSv1.3' || !isOfTls13(name))
  // OpenSSL 3 has TLS 1.0 and 1.1 at its lowest level only.
  return [...list, ...(isOld ? ['@SECLEVEL=0'] : [])].join(':')
}

function isOfTls13(cipher: string): boolean {
  return cipher.startsWith('TLS_')
}
