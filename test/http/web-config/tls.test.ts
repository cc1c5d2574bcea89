import { request } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import { startServer } from '../../../src/http/server.ts'
import { alternativeNames } from '../../../src/http/web-config/client-certificate.ts'
import { createGuard } from '../../../src/http/web-config/guard.ts'
import type { TlsSettings } from '../../../src/http/web-config/web-config.ts'
import { Health } from '../../../src/metrics/health.ts'
import { healthOptions } from '../../metrics/health-options.ts'
import { sampleSnapshot } from '../../metrics/sample-snapshot.ts'
import { isInstalled } from '../../support/binaries.ts'
import { tempFolder } from '../../support/temp.ts'
import { type Certificate, issue, makeAuthority } from './certificates.ts'
import { webConfigFrom } from './from-yaml.ts'

function makeFiles() {
  const folder = tempFolder()
  const authority = makeAuthority(folder)
  const server = issue(folder, 'server', authority, 'DNS:localhost,IP:127.0.0.1')
  const stranger = makeAuthority(folder, 'stranger')
  const tls = (more: string, name = 'server'): TlsSettings => {
    const section = `{cert_file: ${name}.crt, key_file: ${name}.key${more === '' ? '' : `, ${more}`}}`
    const { tls } = webConfigFrom(`tls_server_config: ${section}`, join(folder, 'web.yml'))
    if (tls === null) throw new Error('no TLS')
    return tls
  }
  return { folder, authority, server, stranger, tls }
}

async function start(files: ReturnType<typeof makeFiles>, more = '') {
  const config = (tls: TlsSettings) => ({ ...webConfigFrom(''), tls })
  const settings = files.tls(more)
  const guard = createGuard(config(settings))
  const app = createApp({
    guard: guard.handler,
    snapshot: () => sampleSnapshot,
    health: new Health(healthOptions),
    isReady: () => true,
    reload: async () => {},
    onError: () => {},
    version: '1.2.3',
    telemetryPath: '/metrics',
    lifecycle: false,
    maxRequests: 40,
    allowedHosts: [],
  })
  const addresses = [{ host: '127.0.0.1', port: 0 }]
  const server = await startServer({ app, addresses, tls: settings, onError: () => {} })
  onTestFinished(() => server.close(0))
  const port = server.addresses[0]?.port ?? 0
  return {
    server,
    port,
    /** Status of the health check, or the code of the error. */
    ask: (options: ConnectionOptions = {}) => ask(port, { ca: files.authority.cert, ...options }),
    change(changed: TlsSettings) {
      server.secure(changed)
      guard.configure(config(changed))
    },
  }
}

function ask(port: number, options: ConnectionOptions): Promise<number | string | undefined> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/-/healthy', agent: false, ...options }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    asked.end()
  })
}

/** What a handshake agrees on; null where it fails. */
function handshake(port: number, options: ConnectionOptions) {
  return new Promise<{ protocol: string | null; cipher: string; alpn: unknown } | null>((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => {
      resolve({ protocol: socket.getProtocol(), cipher: socket.getCipher().name, alpn: socket.alpnProtocol })
      socket.destroy()
    })
    socket.on('error', () => resolve(null))
  })
}

const shown = ({ cert, key }: Certificate) => ({ cert, key })

describe.runIf(isInstalled('openssl'))('TLS', () => {
  it('answers by the certificate of the file, HTTP/1.1 only', async () => {
    const { ask, port } = await start(makeFiles())
    expect(await ask()).toBe(200)
    expect(await handshake(port, { ALPNProtocols: ['h2', 'http/1.1'] })).toMatchObject({ alpn: 'http/1.1' })
  })

  it.each([
    { more: '', least: 'TLSv1.2', most: 'TLSv1.3' },
    { more: 'min_version: TLS13', least: 'TLSv1.3', most: 'TLSv1.3' },
    { more: 'max_version: TLS12', least: 'TLSv1.2', most: 'TLSv1.2' },
    { more: 'min_version: TLS11', least: 'TLSv1.1', most: 'TLSv1.3' },
    { more: 'min_version: TLS10, max_version: TLS11', least: 'TLSv1', most: 'TLSv1.1' },
  ])('speaks $least to $most with "$more"', async ({ more, least, most }) => {
    const { port } = await start(makeFiles(), more)
    for (const version of ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const) {
      const versions = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' }
      const agreed = (await handshake(port, versions))?.protocol ?? null
      expect([version, agreed]).toEqual([version, version >= least && version <= most ? version : null])
    }
  })

  it.each([
    { suites: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', offered: 'ECDHE-ECDSA-AES128-GCM-SHA256', agreed: undefined },
    {
      suites: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
      offered: 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384',
      agreed: 'ECDHE-ECDSA-AES256-GCM-SHA384',
    },
    // The server's order counts, unless the file says otherwise.
    {
      suites: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      offered: 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384',
      agreed: 'ECDHE-ECDSA-AES256-GCM-SHA384',
    },
    {
      suites: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      more: ', prefer_server_cipher_suites: false',
      offered: 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384',
      agreed: 'ECDHE-ECDSA-AES128-GCM-SHA256',
    },
    {
      suites: 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
      offered: 'ECDHE-ECDSA-AES128-SHA',
      agreed: 'ECDHE-ECDSA-AES128-SHA',
    },
    // The default has no CBC.
    { suites: '', offered: 'ECDHE-ECDSA-AES128-SHA', agreed: undefined },
    { suites: 'TLS_AES_128_GCM_SHA256', offered: 'ECDHE-ECDSA-AES128-GCM-SHA256', agreed: undefined },
  ])(
    'with cipher suites [$suites]$more agrees on $agreed of $offered',
    async ({ suites, more = '', offered, agreed }) => {
      const { port } = await start(makeFiles(), `cipher_suites: [${suites}]${more}`)
      expect((await handshake(port, { maxVersion: 'TLSv1.2', ciphers: offered }))?.cipher).toBe(agreed)
      // Suites of TLS 1.2 leave TLS 1.3 on.
      expect((await handshake(port, { minVersion: 'TLSv1.3' }))?.protocol).toBe('TLSv1.3')
    },
  )

  it('agrees on the curves of the file only', async () => {
    const { port } = await start(makeFiles(), 'curve_preferences: [CurveP256]')
    expect(await handshake(port, { ecdhCurve: 'X25519' })).toBeNull()
    expect(await handshake(port, { ecdhCurve: 'P-256' })).not.toBeNull()
  })

  it('stops in time although somebody connected and said nothing', async () => {
    const { server, port } = await start(makeFiles())
    const socket = connect(port, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    const cutOff = new Promise((resolve) => socket.once('close', resolve))
    await server.close(20)
    await cutOff
  })
})

const REQUIRE = 'client_auth_type: RequireAndVerifyClientCert, client_ca_file: authority.crt'

describe.runIf(isInstalled('openssl'))('client certificates', () => {
  const NAMES = 'DNS:prometheus.example.org,URI:spiffe://example.org/prometheus,email:ops@example.org,IP:2001:db8::1'

  /** Which clients are let in: without certificate, with one of a stranger, and one of the authority. */
  it.each([
    { more: '', welcome: [true, true, true] },
    { more: 'client_auth_type: NoClientCert', welcome: [true, true, true] },
    { more: 'client_auth_type: RequestClientCert', welcome: [true, true, true] },
    { more: 'client_auth_type: RequireAnyClientCert', welcome: [false, true, true] },
    { more: 'client_auth_type: RequireClientCert', welcome: [false, true, true] },
    { more: 'client_auth_type: VerifyClientCertIfGiven, client_ca_file: authority.crt', welcome: [true, false, true] },
    { more: REQUIRE, welcome: [false, false, true] },
    { more: 'client_auth_type: RequireAndVerifyClientCert', welcome: [false, false, false] },
    { more: `${REQUIRE}, client_allowed_sans: [prometheus.example.org]`, welcome: [false, false, true] },
    { more: `${REQUIRE}, client_allowed_sans: ['spiffe://example.org/prometheus']`, welcome: [false, false, true] },
    { more: `${REQUIRE}, client_allowed_sans: [ops@example.org]`, welcome: [false, false, true] },
    { more: `${REQUIRE}, client_allowed_sans: [other, '2001:db8::1']`, welcome: [false, false, true] },
    { more: `${REQUIRE}, client_allowed_sans: [example.org, '*.example.org', client]`, welcome: [false, false, false] },
    { more: `${REQUIRE}, client_allowed_sans: []`, welcome: [false, false, false] },
  ])('"$more" lets in $welcome', async ({ more, welcome }) => {
    const files = makeFiles()
    const client = issue(files.folder, 'client', files.authority, NAMES)
    const stranger = issue(files.folder, 'other', files.stranger, NAMES)
    const { ask } = await start(files, more)
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const answers = await Promise.all(
        [{}, shown(stranger), shown(client)].map((options) => ask({ ...options, maxVersion })),
      )
      expect(answers.map((answer) => answer === 200)).toEqual(welcome)
    }
  })

  it('are asked for as soon as the file says so, on connections that are there already as well', async () => {
    const files = makeFiles()
    const client = issue(files.folder, 'client', files.authority)
    const { ask, change, port } = await start(files)
    const open = connectTls({ host: '127.0.0.1', port, ca: files.authority.cert })
    const answers = { text: '' }
    open.setEncoding('utf8').on('data', (chunk) => {
      answers.text += chunk
    })
    const gone = new Promise((resolve) => open.on('error', () => {}).once('close', resolve))
    const answered = new Promise((resolve) => open.once('data', resolve))
    open.write('GET /-/healthy HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await answered
    change(files.tls(REQUIRE))
    open.write('GET /-/healthy HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await gone
    expect(answers.text.match(/ 200 OK/g)).toHaveLength(1)
    expect(await ask()).not.toBe(200)
    expect(await ask(shown(client))).toBe(200)
    change(files.tls(''))
    expect(await ask()).toBe(200)
  })

  it('of a session that began under another authority are looked at again', async () => {
    const files = makeFiles()
    const client = issue(files.folder, 'client', files.authority)
    const { port, change } = await start(files, REQUIRE)
    const session = await new Promise<Buffer | null>((resolve) => {
      const socket = connectTls({
        host: '127.0.0.1',
        port,
        ca: files.authority.cert,
        ...shown(client),
        maxVersion: 'TLSv1.2',
      })
      socket.once('session', resolve)
      socket.once('secureConnect', () => socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'))
      socket
        .on('error', () => {})
        .resume()
        .once('close', () => resolve(null))
    })
    change(files.tls(REQUIRE.replace('authority.crt', 'stranger.crt')))
    const answer = await ask(port, {
      ca: files.authority.cert,
      ...shown(client),
      ...(session !== null && { session }),
      maxVersion: 'TLSv1.2',
    })
    expect(answer).not.toBe(200)
  })
})

describe.runIf(isInstalled('openssl'))('another certificate', () => {
  it('is shown to the next connection', async () => {
    const files = makeFiles()
    const other = issue(files.folder, 'renewed', files.stranger, 'DNS:localhost,IP:127.0.0.1')
    const { ask, change } = await start(files)
    expect(await ask({ ca: files.stranger.cert })).not.toBe(200)
    change(files.tls('', 'renewed'))
    expect(await ask({ ca: files.stranger.cert })).toBe(200)
    expect(await ask()).not.toBe(200)
    expect(other.cert).not.toBe(files.server.cert)
  })
})

describe('alternativeNames', () => {
  it.each([
    { text: undefined, names: [] },
    { text: 'DNS:a.example, DNS:b.example', names: ['a.example', 'b.example'] },
    { text: 'IP Address:127.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1', names: ['127.0.0.1', '2001:db8::1'] },
    { text: 'URI:spiffe://a/b, email:a@b.example', names: ['spiffe://a/b', 'a@b.example'] },
    // One name that would look like two.
    { text: 'DNS:"a.example, DNS:b.example", DNS:c.example', names: ['a.example, DNS:b.example', 'c.example'] },
    { text: 'DirName:"CN = a.example", Registered ID:1.2.3, DNS:a.example', names: ['a.example'] },
  ])('$text', ({ text, names }) => {
    expect(alternativeNames({ subjectAltName: text })).toEqual(names)
  })
})
