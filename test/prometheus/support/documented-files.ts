import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prometheusFile } from '../rule-files.ts'
import { yamlUnder } from './fenced-blocks.ts'

const README = 'prometheus/README.md'
/** Where the pages have the files of a Prometheus. */
const FOLDER = '/etc/prometheus/claude-usage'

const OPENSSL = 'openssl'

export const PASSWORD = 'only for this test'

/** The files that documented configurations name, in a folder of the test. */
export interface DocumentedFiles {
  readonly ca: string
  readonly serverCertificate: string
  readonly serverKey: string
  /** The text of a documented configuration, with its files in this folder. */
  placed(text: string): string
}

/**
 * Makes an authority, what it signs for a server (`usage.example.org`, `localhost`, 127.0.0.1) and for a client, a
 * password, the list of machines and the rules. Needs openssl.
 */
export function documentedFiles(root: string): DocumentedFiles {
  const folder = join(root, 'claude-usage')
  mkdirSync(folder)
  const path = (name: string) => join(folder, name)
  makeAuthority(path)
  sign(path, 'server', 'subjectAltName=DNS:usage.example.org,DNS:localhost,IP:127.0.0.1')
  sign(path, 'client', 'extendedKeyUsage=clientAuth')
  writeFileSync(path('password'), PASSWORD)
  writeFileSync(path('machines.yml'), yamlUnder(README, 'Several machines', /machines\.yml, read again/))
  cpSync(prometheusFile('rules'), path('rules'), { recursive: true })
  return {
    ca: path('ca.crt'),
    serverCertificate: path('server.crt'),
    serverKey: path('server.key'),
    placed: (text) => text.replaceAll(FOLDER, folder),
  }
}

const KEY_FLAGS = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

function makeAuthority(path: (name: string) => string): void {
  openssl('req', '-x509', ...KEY_FLAGS, '-days', '2', '-subj', '/CN=test authority', [
    ['-keyout', path('ca.key')],
    ['-out', path('ca.crt')],
  ])
}

function sign(path: (name: string) => string, name: string, extension: string): void {
  openssl('req', ...KEY_FLAGS, '-subj', `/CN=${name}`, [
    ['-keyout', path(`${name}.key`)],
    ['-out', path(`${name}.csr`)],
  ])
  writeFileSync(path(`${name}.ext`), `${extension}\n`)
  openssl('x509', '-req', '-days', '2', '-CAcreateserial', [
    ['-in', path(`${name}.csr`)],
    ['-CA', path('ca.crt')],
    ['-CAkey', path('ca.key')],
    ['-extfile', path(`${name}.ext`)],
    ['-out', path(`${name}.crt`)],
  ])
}

function openssl(...args: readonly (string | readonly (readonly [flag: string, value: string])[])[]): void {
  execFileSync(OPENSSL, args.flat(2), { stdio: 'pipe' })
}
