import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isProtected } from '../../../src/http/web-config/web-config.ts'
import { isInstalled } from '../../support/binaries.ts'
import { tempFolder } from '../../support/temp.ts'
import { issue, makeAuthority } from './certificates.ts'
import { refusalOf, webConfigFrom } from './from-yaml.ts'

const HASH = '$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG'

describe('a web configuration file', () => {
  it.each(['', '{}', 'tls_server_config:\nbasic_auth_users:\nhttp_server_config:\n', 'tls_server_config: {}'])(
    'without anything in it asks for nothing: %j',
    (text) => {
      expect(webConfigFrom(text)).toEqual({
        tls: null,
        users: new Map(),
        headers: {},
        rateLimit: null,
        wantsHttp2: false,
        files: ['/etc/web.yml'],
      })
    },
  )

  it('has users, headers, a rate limit and HTTP/2', () => {
    const config = webConfigFrom(`
basic_auth_users:
  prometheus: ${HASH}
  ada: ${HASH.replace('$2y$', '$2a$')}
  7: ${HASH.replace('$2y$', '$2b$')}
http_server_config:
  http2: true
  headers:
    Strict-Transport-Security: max-age=31536000
    X-Frame-Options: deny
    X-XSS-Protection: ""
rate_limit: {interval: 200ms, burst: 5}
`)
    expect([...config.users.keys()].sort()).toEqual(['7', 'ada', 'prometheus'])
    expect(config).toMatchObject({
      headers: { 'Strict-Transport-Security': 'max-age=31536000', 'X-Frame-Options': 'deny' },
      rateLimit: { intervalMs: 200, burst: 5 },
      wantsHttp2: true,
    })
    expect(Object.keys(config.headers)).toHaveLength(2)
  })

  it.each([
    { text: 'tls_server_confg: {}', says: '1:1: tls_server_confg: unknown key; did you mean tls_server_config?' },
    {
      text: 'tls_server_config:\n  cert_fil: a.pem',
      says: '2:3: tls_server_config.cert_fil: unknown key; did you mean cert_file?',
    },
    { text: 'web:\n  listen_address: []', says: '1:1: web: unknown key' },
    {
      text: 'http_server_config:\n  headers:\n    Access-Control-Allow-Origin: "*"',
      says: '3:5: http_server_config.headers.Access-Control-Allow-Origin: this header cannot be set',
    },
    {
      text: 'http_server_config:\n  headers: {X-Frame-Options: allow}',
      says: '2:30: http_server_config.headers.X-Frame-Options: expected one of deny, sameorigin (got "allow")',
    },
    {
      text: 'http_server_config:\n  headers:\n    Content-Security-Policy: "a\\r\\nX-Evil: 1"',
      says: '3:30: http_server_config.headers.Content-Security-Policy: expected text that a header can hold (got "a\\r\\nX-Evil: 1")',
    },
    {
      text: 'http_server_config: {http2: maybe}',
      says: '1:29: http_server_config.http2: expected true or false (got "maybe")',
    },
    { text: 'http_server_config: 7', says: '1:21: http_server_config: expected a mapping (got 7)' },
    {
      text: 'basic_auth_users:\n  ada: secret',
      says: '2:8: basic_auth_users.ada: expected a bcrypt hash, which begins with $2a$, $2b$ or $2y$ and has 60 characters',
    },
    {
      text: `basic_auth_users:\n  ada: ${HASH}x`,
      says: '2:8: basic_auth_users.ada: expected a bcrypt hash, which begins with $2a$, $2b$ or $2y$ and has 60 characters',
    },
    {
      text: `basic_auth_users:\n  ada: ${HASH.replace('$10$', '$20$')}`,
      says: '2:8: basic_auth_users.ada: expected a bcrypt hash of a cost from 4 to 16',
    },
    {
      text: `basic_auth_users:\n  ada: ${HASH.replace('$10$', '$03$')}`,
      says: '2:8: basic_auth_users.ada: expected a bcrypt hash of a cost from 4 to 16',
    },
    { text: 'basic_auth_users: [ada]', says: '1:19: basic_auth_users: expected a mapping of users to bcrypt hashes' },
    {
      text: 'rate_limit: {interval: 1s}',
      says: '1:13: rate_limit: without a burst of at least 1 every request would be refused',
    },
    {
      text: 'rate_limit: {interval: often, burst: 1}',
      says: '1:24: rate_limit.interval: expected a duration such as 1s, 200ms or 1m30s (got "often")',
    },
    {
      text: 'tls_server_config:\n  client_auth_type: Always',
      says: '2:21: tls_server_config.client_auth_type: expected one of NoClientCert, ',
    },
    {
      text: 'tls_server_config: {min_version: SSL30}',
      says: '1:34: tls_server_config.min_version: expected one of TLS10, TLS11, TLS12, TLS13 (got "SSL30")',
    },
    {
      text: 'tls_server_config:\n  cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]',
      says: '2:19: tls_server_config.cipher_suites[0]: expected one of TLS_AES_128_GCM_SHA256',
    },
    {
      text: 'tls_server_config: {curve_preferences: [X448]}',
      says: '1:41: tls_server_config.curve_preferences[0]: expected one of CurveP256, CurveP384, CurveP521, X25519 (got "X448")',
    },
  ])('is refused with its line: $text', ({ text, says }) => {
    const [first, ...more] = refusalOf(text)
    expect(more).toEqual([])
    expect(first?.startsWith(`/etc/web.yml:${says}`), first).toBe(true)
  })

  it('shows neither keys nor hashes in what it says', () => {
    const text = 'tls_server_config: {key: [s3cret]}\nbasic_auth_users: {ada: s3cret, bob: [s3cret]}'
    expect(refusalOf(text)).toHaveLength(3)
    expect(refusalOf(text).join()).not.toContain('s3cret')
  })

  it.each([
    { text: 'min_version: TLS13', says: ['missing one of cert and cert_file', 'missing one of key and key_file'] },
    {
      text: 'cert_file: none.pem, key_file: none.key',
      says: [
        'cert_file: cannot read "/nowhere/none.pem": no such file',
        'key_file: cannot read "/nowhere/none.key": no such file',
      ],
    },
    {
      text: 'cert_file: a, cert: b, key: c',
      says: ['both cert and cert_file are given', 'no private key in PEM form'],
    },
    { text: 'cert: b, key: c', says: ['cert: no certificate in PEM form', 'key: no private key in PEM form'] },
    {
      text: 'cert: b, key: c, client_auth_type: RequireAndVerifyClientCert, client_ca: d',
      says: ['no certificate', 'no private key', 'client_ca: no certificate in PEM form'],
    },
  ])('is refused for certificates that are not there: $text', ({ text, says }) => {
    const said = refusalOf(`tls_server_config: {${text}}`, '/nowhere/web.yml')
    expect(said).toEqual(says.map((part) => expect.stringContaining(part)))
    for (const line of said) expect(line).toMatch(/^\/nowhere\/web\.yml:1:\d+: tls_server_config/)
  })
})

describe.runIf(isInstalled('openssl'))('tls_server_config', () => {
  const setUp = () => {
    const folder = tempFolder()
    const authority = makeAuthority(folder)
    const server = issue(folder, 'server', authority)
    return { folder, authority, server, file: join(folder, 'web.yml') }
  }
  const FILES = 'cert_file: server.crt, key_file: server.key'

  it('names files from where it stands itself, and lists them', () => {
    const { file, folder, server, authority } = setUp()
    const ca = 'client_auth_type: RequireAndVerifyClientCert, client_ca_file: ./authority.crt'
    const config = webConfigFrom(`tls_server_config: {${FILES}, ${ca}}`, file)
    expect(config.tls).toMatchObject({ cert: server.cert, key: server.key, clients: { ca: authority.cert } })
    expect(config.files).toEqual([
      file,
      ...['server.crt', 'server.key', 'authority.crt'].map((name) => join(folder, name)),
    ])
  })

  it('takes certificates as text', () => {
    const { server } = setUp()
    const tls = { cert: server.cert, key: server.key }
    expect(webConfigFrom(JSON.stringify({ tls_server_config: tls })).tls).toMatchObject(tls)
  })

  it.each([
    { more: 'max_version: TLS11', says: '.max_version: below min_version (TLS12)' },
    {
      more: 'max_version: TLS12, cipher_suites: [TLS_AES_128_GCM_SHA256]',
      says: 'all of cipher_suites are for TLS 1.3',
    },
    { more: 'client_ca_file: authority.crt', says: 'client_auth_type is not' },
    { more: 'client_auth_type: NoClientCert, client_ca_file: authority.crt', says: 'client_auth_type is not' },
    {
      more: 'client_auth_type: VerifyClientCertIfGiven, client_allowed_sans: [a]',
      says: 'client_allowed_sans: needs client_auth_type',
    },
    { more: 'client_allowed_sans: []', says: 'client_allowed_sans: needs client_auth_type' },
  ])('is refused with $more', ({ more, says }) => {
    const { file } = setUp()
    expect(refusalOf(`tls_server_config: {${FILES}, ${more}}`, file)).toEqual([expect.stringContaining(says)])
  })

  it('is refused where the key is of another certificate', () => {
    const { file } = setUp()
    expect(refusalOf('tls_server_config: {cert_file: server.crt, key_file: authority.key}', file)).toEqual([
      `${file}:1:54: tls_server_config.key_file: this key does not belong to the certificate`,
    ])
  })

  it('is refused where an authority of several cannot be read', () => {
    const { file, folder, authority } = setUp()
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    writeFileSync(join(folder, 'both.crt'), authority.cert + broken)
    const clients = 'client_auth_type: RequireAndVerifyClientCert, client_ca_file: both.crt'
    expect(refusalOf(`tls_server_config: {${FILES}, ${clients}}`, file)).toEqual([
      expect.stringContaining('client_ca_file: no certificate in PEM form'),
    ])
  })

  it.each([
    { more: '', users: '', expected: false },
    { more: '', users: HASH, expected: true },
    { more: 'client_auth_type: RequireAndVerifyClientCert, client_ca_file: authority.crt', users: '', expected: true },
    { more: 'client_auth_type: VerifyClientCertIfGiven, client_ca_file: authority.crt', users: '', expected: false },
    { more: 'client_auth_type: RequireAnyClientCert', users: '', expected: false },
    // Any certificate of any public authority would do.
    { more: 'client_auth_type: RequireAndVerifyClientCert', users: '', expected: false },
  ])('protects with "$more" and users "$users": $expected', ({ more, users, expected }) => {
    const { file } = setUp()
    const section = users === '' ? '' : `\nbasic_auth_users: {ada: ${users}}`
    expect(isProtected(webConfigFrom(`tls_server_config: {${FILES}, ${more}}${section}`, file))).toBe(expected)
  })

  it('is what protects: users alone do not', () => {
    expect(isProtected(webConfigFrom(`basic_auth_users: {ada: ${HASH}}`))).toBe(false)
  })
})
