import { createPrivateKey, X509Certificate } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import type { KeyPath } from './problems.ts'
import type { TlsSection } from './schema.ts'
import { CIPHERS, CLIENT_POLICIES, CURVES, TLS_VERSIONS } from './tls-names.ts'
import { secureContextProblem } from './tls-options.ts'
import type { ClientCertificates, TlsSettings } from './web-config.ts'

const SECTION = 'tls_server_config'
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g
const REASONS = new Map([
  ['ENOENT', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a folder'],
])

export interface SectionParts {
  /** Absolute path of the file that the section stands in. */
  readonly file: string
  readonly readFile: (path: string) => string
  readonly report: (path: KeyPath, text: string) => void
  /** Gets the paths of all files that were read, or should have been. */
  readonly files: string[]
}

/** TLS as the section wants it, with certificates and key read and checked; null for an empty one or after a report. */
export function tlsSettings(section: TlsSection, parts: SectionParts): TlsSettings | null {
  if (Object.values(section).every((value) => value === null || value === '')) return null
  const { report } = parts
  const cert = pemOf('cert', section, parts)
  const key = pemOf('key', section, parts)
  const ca = pemOf('client_ca', section, parts)
  if (!('cert' in given(section))) report([SECTION], 'missing one of cert and cert_file')
  if (!('key' in given(section))) report([SECTION], 'missing one of key and key_file')
  const isFit = checkPair(cert, key, report)
  if (ca !== null) checkAuthorities(ca, report)
  const minVersion = TLS_VERSIONS[section.min_version ?? 'TLS12']
  const maxVersion = TLS_VERSIONS[section.max_version ?? 'TLS13']
  if (minVersion > maxVersion) report([SECTION, 'max_version'], `below min_version (${section.min_version ?? 'TLS12'})`)
  const clients = clientsOf(section, ca?.pem ?? null, report)
  if (cert === null || key === null || !isFit) return null
  const settings: TlsSettings = {
    cert: cert.pem,
    key: key.pem,
    clients,
    minVersion,
    maxVersion,
    ciphers: section.cipher_suites?.length ? section.cipher_suites.map((name) => CIPHERS[name]) : null,
    curves: section.curve_preferences?.length ? section.curve_preferences.map((name) => CURVES[name]) : null,
    prefersServerCiphers: section.prefer_server_cipher_suites ?? true,
  }
  const problem = minVersion > maxVersion ? null : secureContextProblem(settings)
  if (problem !== null) report([SECTION], problem)
  return settings
}

interface Pem {
  /** Where it stands or is named. */
  readonly path: KeyPath
  readonly pem: string
}

type PemKey = 'cert' | 'key' | 'client_ca'

/** Which of the three are given at all, in the file or beside it. */
function given(section: TlsSection): Partial<Record<PemKey, true>> {
  const keys = ['cert', 'key', 'client_ca'] as const
  return Object.fromEntries(keys.filter((key) => section[key] || section[`${key}_file`]).map((key) => [key, true]))
}

function pemOf(key: PemKey, section: TlsSection, { file, readFile, report, files }: SectionParts): Pem | null {
  const [inline, name] = [section[key], section[`${key}_file`]]
  const namePath = [SECTION, `${key}_file`]
  if (inline && name) {
    report(namePath, `both ${key} and ${key}_file are given; keep one`)
    return null
  }
  if (inline) return { path: [SECTION, key], pem: inline }
  if (!name) return null
  const path = resolve(dirname(file), name)
  files.push(path)
  try {
    return { path: namePath, pem: readFile(path) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    report(namePath, `cannot read ${JSON.stringify(path)}: ${REASONS.get(code) ?? (code || 'unknown error')}`)
    return null
  }
}

/** Whether both can be read and belong together. */
function checkPair(cert: Pem | null, key: Pem | null, report: SectionParts['report']): boolean {
  const certificate = cert && attempt(() => new X509Certificate(cert.pem))
  if (cert && !certificate) report(cert.path, 'no certificate in PEM form')
  const privateKey = key && attempt(() => createPrivateKey(key.pem))
  if (key && !privateKey) report(key.path, 'no private key in PEM form without a passphrase')
  if (!certificate || !privateKey || !key) return false
  if (certificate.checkPrivateKey(privateKey)) return true
  report(key.path, 'this key does not belong to the certificate')
  return false
}

function checkAuthorities({ path, pem }: Pem, report: SectionParts['report']): void {
  const blocks = pem.match(CERTIFICATE) ?? []
  const isReadable = blocks.every((block) => attempt(() => new X509Certificate(block)) !== null)
  if (blocks.length === 0 || !isReadable) report(path, 'no certificate in PEM form')
}

function clientsOf(section: TlsSection, ca: string | null, report: SectionParts['report']): ClientCertificates {
  const policy = CLIENT_POLICIES[section.client_auth_type || 'NoClientCert']
  const allowedNames = section.client_allowed_sans ?? null
  if ('client_ca' in given(section) && policy === 'none') {
    report(
      [SECTION],
      'an authority for client certificates is given, but client_auth_type is not, so that no certificate would be asked for',
    )
  }
  if (allowedNames !== null && policy !== 'require any' && policy !== 'require and verify') {
    report(
      [SECTION, 'client_allowed_sans'],
      'needs client_auth_type RequireAndVerifyClientCert or RequireAnyClientCert; a client without certificate has no names',
    )
  }
  return { policy, ca, allowedNames }
}

function attempt<T>(make: () => T): T | null {
  try {
    return make()
  } catch {
    return null
  }
}
