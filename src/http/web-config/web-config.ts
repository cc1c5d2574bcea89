import type { SecureVersion } from 'node:tls'

/** What a web configuration file says, with names as in Prometheus' exporter-toolkit turned into those of Node.js. */
export interface WebConfig {
  /** Null for plain HTTP. */
  readonly tls: TlsSettings | null
  /** Bcrypt hashes by user name; empty where everybody is let in. */
  readonly users: ReadonlyMap<string, string>
  /** Added to every answer that does not set them itself. */
  readonly headers: Readonly<Record<string, string>>
  readonly rateLimit: RateLimit | null
  /** Whether the file asks for HTTP/2, which is not spoken. */
  readonly wantsHttp2: boolean
  /** Absolute paths of all files that it depends on, its own included. */
  readonly files: readonly string[]
}

export interface TlsSettings {
  /** PEM */
  readonly cert: string
  /** PEM */
  readonly key: string
  readonly clients: ClientCertificates
  readonly minVersion: SecureVersion
  readonly maxVersion: SecureVersion
  /** OpenSSL names in order of preference; null for the default. */
  readonly ciphers: readonly string[] | null
  /** OpenSSL names in order of preference; null for the default. */
  readonly curves: readonly string[] | null
  readonly prefersServerCiphers: boolean
}

/** Which certificates clients must show. */
export interface ClientCertificates {
  readonly policy: ClientPolicy
  /** PEM of the authorities to believe; null for the public ones. */
  readonly ca: string | null
  /** Alternative names of which a certificate needs one; null for any. */
  readonly allowedNames: readonly string[] | null
}

export type ClientPolicy = 'none' | 'request' | 'require any' | 'verify if given' | 'require and verify'

/** A bucket that holds `burst` requests and takes a new one every `intervalMs`. */
export interface RateLimit {
  readonly intervalMs: number
  readonly burst: number
}

/** Whether nobody gets in without a password over TLS or a certificate of an authority of one's own. */
export function isProtected({ tls, users }: WebConfig): boolean {
  if (tls === null) return false
  return users.size > 0 || (tls.clients.policy === 'require and verify' && tls.clients.ca !== null)
}
