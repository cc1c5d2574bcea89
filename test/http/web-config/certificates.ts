import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const OPENSSL = 'openssl'
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']

export interface Certificate {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

/** A certificate that signs itself. Needs openssl, as the next function does. */
export function makeAuthority(folder: string, name = 'authority'): Certificate {
  return make(folder, name, ['-addext', 'keyUsage=critical,keyCertSign', '-subj', `/CN=${name}`])
}

/** A certificate of an authority, for these alternative names (`DNS:localhost,IP:127.0.0.1`). */
export function issue(folder: string, name: string, { certFile, keyFile }: Certificate, names?: string): Certificate {
  const signer = ['-CA', certFile, '-CAkey', keyFile, '-addext', 'basicConstraints=critical,CA:FALSE']
  const alternatives = names === undefined ? [] : ['-addext', `subjectAltName=${names}`]
  return make(folder, name, [...signer, ...alternatives, '-subj', `/CN=${name}`])
}

function make(folder: string, name: string, flags: readonly string[]): Certificate {
  const config = join(folder, 'openssl.cnf')
  // Without it, extensions of the system's own configuration would stand in the certificate a second time.
  writeFileSync(config, '[req]\ndistinguished_name = name\n[name]\n')
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
  const files = ['-config', config, '-keyout', keyFile, '-out', certFile]
  execFileSync(OPENSSL, ['req', '-x509', ...KEY, ...files, ...flags], { stdio: 'pipe' })
  return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
}
