import { describe, expect, it } from 'vitest'
import { enabledSources } from '../../src/config/enabled-sources.ts'
import { printConfig } from '../../src/config/print.ts'
import { type Given, loadFrom, refusal } from './load-from.ts'

const URL_TEXT = 'postgres://usage:s3cret@db.example.com/claude'

describe('a ledger in a database', () => {
  it('is not used unless a URL says so', async () => {
    expect((await loadFrom({})).config.storage).toMatchObject({ url: '', password: '', poolSize: 4 })
  })

  it.each<Given & { where: string; storage: object }>([
    { where: 'a URL in the file', yaml: `storage: {url: "${URL_TEXT}"}`, storage: { url: URL_TEXT } },
    { where: 'a URL in the environment', env: { STORAGE_URL: URL_TEXT }, storage: { url: URL_TEXT } },
    {
      where: 'a password file beside the configuration',
      yaml: 'storage: {url: "postgresql:///claude", password_file: pw, schema: team_1, tls: {mode: require}}',
      storage: { passwordFile: '/etc/pw', schema: 'team_1', tls: { mode: 'require' } },
    },
  ])('takes $where', async ({ where: _, storage, ...given }) => {
    expect((await loadFrom(given)).config.storage).toMatchObject(storage)
  })

  it('never prints the URL or the password', async () => {
    const loaded = await loadFrom({ yaml: `storage: {url: "${URL_TEXT}", password: hush-hush}` })
    const printed = printConfig(loaded)
    expect(printed).not.toContain('s3cret')
    expect(printed).not.toContain('hush-hush')
  })

  it.each([
    ['another protocol', 'url: mysql://db/claude', 'postgres://user@host:5432/database'],
    ['no URL', 'url: s3cret', 'postgres://user@host:5432/database'],
    ['a schema that needs quotes', 'schema: Team-1', 'lower-case letters'],
    ['a pool of two', 'pool_size: 2', 'from 3 to 50'],
    ['two passwords', 'password_file: pw, password: s3cret', 'Keep one of'],
    ['a password in the URL as well', `url: "${URL_TEXT}", password_file: pw`, 'Take the password out'],
    ['a certificate without its key', 'tls: {cert_file: c.pem}', 'Give both'],
  ])('refuses %s without repeating secrets', async (_, settings, told) => {
    const { message, fix } = await refusal({ yaml: `storage: {${settings}}` })
    expect(`${message} ${fix ?? ''}`).toContain(told)
    expect(message).not.toContain('s3cret')
  })

  it.each(['x'.repeat(64), '-a', 'a b', 'a/b'])('refuses %s as the name of a machine', async (name) => {
    expect((await refusal({ yaml: `machine: {name: "${name}"}` })).message).toContain('machine.name')
  })
})

describe('whose logs are read', () => {
  it.each([
    ['all', ['claude-code', 'openclaw', 'pi']],
    ['none', []],
    ['pi', ['pi']],
    ['claude-code, pi', ['claude-code', 'pi']],
  ])('%s', async (read, expected) => {
    expect(enabledSources((await loadFrom({ flags: { 'sources.read': read } })).config)).toEqual(expected)
  })

  it('leaves out what is switched off', async () => {
    const { config } = await loadFrom({ yaml: 'sources: {read: "pi,openclaw", pi: {enabled: false}}' })
    expect(enabledSources(config)).toEqual(['openclaw'])
  })

  it.each(['nothing', 'pi;openclaw', 'all,pi', ''])('refuses "%s"', async (read) => {
    expect((await refusal({ yaml: `sources: {read: "${read}"}` })).message).toContain('sources.read')
  })
})
