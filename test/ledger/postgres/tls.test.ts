import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../../src/core/errors.ts'
import { openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { isInstalled } from '../../support/binaries.ts'
import { freshSchema, hasPostgres, startPostgres } from '../../support/postgres.ts'
import { tempFolder } from '../../support/temp.ts'
import { postgresOptions } from '../contract/ledgers.ts'

/** An authority and a certificate that it signed for a name. */
function makeCertificates(folder: string, name: string) {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=authority')
  openssl('req', '-x509', ...key, '-keyout', 'other.key', '-out', 'other.pem', '-days', '2', '-subj', '/CN=other')
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', `/CN=${name}`)
  writeFileSync(join(folder, 'names'), `subjectAltName=DNS:${name}`)
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names']
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signed)
  const text = (file: string) => readFileSync(join(folder, file), 'utf8')
  return {
    files: { 'server.pem': text('server.pem'), 'server.key': text('server.key') },
    ca: join(folder, 'ca.pem'),
    other: join(folder, 'other.pem'),
  }
}

describe.skipIf(!hasPostgres() || !isInstalled('openssl'))('TLS to PostgreSQL', () => {
  it('is checked as it is asked for', async () => {
    const { files, ca, other } = makeCertificates(tempFolder(), 'localhost')
    const postgres = await startPostgres({
      settings: { ssl: 'on', ssl_cert_file: 'server.pem', ssl_key_file: 'server.key' },
      files,
    })
    try {
      const named = postgres.url.replace('127.0.0.1', 'localhost')
      const isEncrypted = async (url: string, mode: 'auto' | 'require' | 'verify-full', caFile: string) => {
        const tls = { mode, caFile, certFile: '', keyFile: '' }
        const store = await openPostgresStore(postgresOptions({ url }, freshSchema(), { tls }))
        const rows = await store.read((query) => query.all('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'))
        await store.close()
        return rows[0]?.[0] === 1
      }
      expect(await isEncrypted(named, 'verify-full', ca)).toBe(true)
      expect(await isEncrypted(named, 'require', other)).toBe(true)
      expect(await isEncrypted(named, 'auto', ca)).toBe(false)
      expect(await isEncrypted(`${named}?sslmode=verify-full`, 'auto', ca)).toBe(true)
      expect(await isEncrypted(`${postgres.url}?sslmode=verify-ca`, 'auto', ca)).toBe(true)

      const refused = (url: string, caFile: string) =>
        isEncrypted(url, 'verify-full', caFile).then(
          () => 'let in',
          (error: unknown) => (error instanceof OperatorError ? error.message : `no OperatorError: ${error}`),
        )
      expect(await refused(named, other)).toContain('is not trusted')
      expect(await refused(named, '')).toContain('is not trusted')
      expect(await refused(postgres.url, ca)).toContain('is for another name')
      expect(await refused(named, '/nowhere/ca.pem')).toContain('storage.tls.ca_file')
    } finally {
      await postgres.stop()
    }
  }, 120_000)

  it('that a server does not offer is missed', async () => {
    const postgres = await startPostgres()
    try {
      const tls = { mode: 'require', caFile: '', certFile: '', keyFile: '' } as const
      await expect(openPostgresStore(postgresOptions(postgres, freshSchema(), { tls }))).rejects.toThrow(
        'does not offer TLS',
      )
    } finally {
      await postgres.stop()
    }
  }, 120_000)
})
