import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { dirname, join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { issue, makeAuthority } from '../http/web-config/certificates.ts'
import { webConfigFrom } from '../http/web-config/from-yaml.ts'
import { prometheusFile } from '../prometheus/rule-files.ts'
import { documentedFiles } from '../prometheus/support/documented-files.ts'
import { startDocumented } from '../prometheus/support/documented-prometheus.ts'
import { yamlUnder } from '../prometheus/support/fenced-blocks.ts'
import { isInstalled } from '../support/binaries.ts'
import { eventually, startExporter } from '../support/exporter.ts'
import { tempFolder } from '../support/temp.ts'

const PROMTOOL = 'promtool'
const EXAMPLE = prometheusFile('web-config.example.yml')
const PASSWORD = 'replace-this-password'
const RIGHT = `prometheus:${PASSWORD}`

/** The example, with certificates beside it. */
function exampleIn(folder: string) {
  const files = documentedFiles(folder)
  const beside = dirname(files.ca)
  const webConfig = join(beside, 'web-config.yml')
  cpSync(EXAMPLE, webConfig)
  writeFileSync(join(beside, 'password'), PASSWORD)
  return { ...files, folder: beside, webConfig }
}

async function startSecured(home: string, { ca, webConfig }: { ca: string; webConfig: string }) {
  const flags = [`--web.config.file=${webConfig}`, '--web.allowed-hosts=usage.example.org']
  const exporter = await startExporter({ home, storage: join(home, 'ledger'), flags })
  onTestFinished(() => exporter.kill('SIGKILL'))
  const { port } = new URL(exporter.url)
  return {
    exporter,
    port,
    /** Status for user and password; the code of the error where the certificate is not of the authority. */
    ask: (path: string, auth: string | null, authority = readFileSync(ca)) =>
      new Promise<number | string | undefined>((resolve) => {
        const from = { host: 'localhost', port, path, ca: authority, auth, agent: false }
        const asked = request(from, (response) => resolve(response.resume().statusCode))
        asked.on('error', (error) => resolve('code' in error ? String(error.code) : error.message))
        asked.end()
      }),
  }
}

/** What the program says when it does not start. */
async function refused(flags: readonly string[], command: readonly string[] = []) {
  const home = tempFolder()
  const storage = `--storage.path=${join(home, 'ledger')}`
  const child = spawn(process.execPath, ['dist/main.js', ...command, storage, ...flags], {
    env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk
  })
  const [code] = await once(child, 'close')
  return { code, said }
}

describe.runIf(isInstalled('openssl'))('--web.config.file', () => {
  it.runIf(isInstalled('promtool'))(
    'takes the example, as it stands and with all of it turned on; so does promtool',
    () => {
      const { webConfig } = exampleIn(tempFolder())
      const check = () => {
        webConfigFrom(readFileSync(webConfig, 'utf8'), webConfig)
        const { status, stderr } = spawnSync(PROMTOOL, ['check', 'web-config', webConfig], { encoding: 'utf8' })
        expect([status, stderr]).toEqual([0, expect.stringContaining('SUCCESS')])
      }
      check()
      const turnedOn = readFileSync(webConfig, 'utf8').replace(/^( *)#(?=\S)/gm, '$1')
      expect(webConfigFrom(turnedOn, webConfig)).toMatchObject({
        tls: { clients: { policy: 'require and verify', allowedNames: ['prometheus.example.org'] } },
        rateLimit: { intervalMs: 200, burst: 20 },
      })
      // Releases of promtool that are still in use do not know these.
      writeFileSync(webConfig, turnedOn.replace(/^ *(client_allowed_sans|rate_limit|interval|burst):.*\n/gm, ''))
      check()
    },
  )

  it.runIf(isInstalled('prometheus'))('lets a real Prometheus scrape as documented', { timeout: 120_000 }, async () => {
    const folder = tempFolder()
    const files = exampleIn(folder)
    const { port } = await startSecured(folder, files)
    const scrape = (text: string) =>
      files
        .placed(text)
        .replace('usage.example.org:8443', `localhost:${port}`)
        .replace('scrape_interval: 15s', 'scrape_interval: 1s')
    const documented = yamlUnder('prometheus/README.md', 'TLS and a password')
    const prometheus = await startDocumented(folder, scrape(documented))
    onTestFinished(() => prometheus.kill())
    const up = await eventually('a scrape', async () => {
      const [found] = await prometheus.query('up')
      return found ?? null
    })
    expect([up.value, await prometheus.lastError()]).toEqual([1, ''])
    expect(await prometheus.query('claude_exporter_build_info')).toHaveLength(1)
    writeFileSync(join(files.folder, 'password'), 'another')
    await eventually('a refusal', async () => ((await prometheus.lastError()).includes('401') ? true : null))
  })

  it('keeps everybody else out of every path, and passwords out of the log', async () => {
    const folder = tempFolder()
    const { exporter, ask } = await startSecured(folder, exampleIn(folder))
    expect(exporter.log()).toContain('tls=true')
    for (const path of ['/', '/metrics', '/-/healthy', '/healthz', '/-/ready', '/readyz', '/-/reload', '/nothing']) {
      expect([path, await ask(path, null), await ask(path, 'prometheus:guess')]).toEqual([path, 401, 401])
    }
    expect(await ask('/-/healthy', RIGHT)).toBe(200)
    await expect(fetch(`${exporter.url}/-/healthy`)).rejects.toThrow()
    expect(exporter.log()).not.toMatch(/guess|replace-this/)
  })

  it('takes over users and certificates while it runs, and keeps the last good ones', {
    timeout: 120_000,
  }, async () => {
    const folder = tempFolder()
    const files = exampleIn(folder)
    const { exporter, ask } = await startSecured(folder, files)
    const loggedTimes = (text: string) => exporter.log().split(text).length - 1
    const write = (text: string) => writeFileSync(files.webConfig, text)
    const example = readFileSync(EXAMPLE, 'utf8')
    expect(await ask('/metrics', RIGHT)).toBe(200)

    write(example.replace(/^basic_auth_users:$/m, `basic_auth_users:\n  grafana: '${hashSync('another', 5)}'`))
    await eventually('a new user', async () => ((await ask('/metrics', 'grafana:another')) === 200 ? true : null))

    write(example.replace('min_version', 'minimum'))
    await eventually('a complaint', async () => (loggedTimes('not valid') > 0 ? true : null))
    expect(exporter.log()).toMatch(/web-config\.yml:\d+:3: tls_server_config\.minimum: unknown key/)
    expect(await ask('/metrics', 'grafana:another')).toBe(200)

    write(example)
    await eventually('the user being gone', async () =>
      (await ask('/metrics', 'grafana:another')) === 401 ? true : null,
    )
    expect(loggedTimes('not valid')).toBe(1)

    const stranger = makeAuthority(folder, 'stranger')
    const renewed = issue(folder, 'renewed', stranger, 'DNS:localhost')
    cpSync(renewed.certFile, files.serverCertificate)
    cpSync(renewed.keyFile, files.serverKey)
    await eventually('the new certificate', async () =>
      (await ask('/metrics', RIGHT, Buffer.from(stranger.cert))) === 200 ? true : null,
    )
    expect(await ask('/metrics', RIGHT)).not.toBe(200)

    write(`basic_auth_users:\n  prometheus: '${hashSync('another', 5)}'\n`)
    await eventually('the other password', async () =>
      (await ask('/metrics', 'prometheus:another', Buffer.from(stranger.cert))) === 200 ? true : null,
    )
    expect(exporter.log()).toContain('TLS is turned on and off by a restart only')
  })
})

describe.runIf(isInstalled('openssl'))('a start with a web configuration', () => {
  const HASH = hashSync('another', 4)
  const USERS = `basic_auth_users: {prometheus: '${HASH}'}\n`

  it.each([[[]], [['check-config']]])('that has a mistake in it ends with its line (%j)', async (command) => {
    const file = join(tempFolder(), 'web.yml')
    writeFileSync(file, 'basic_auth_users:\n  ada: secret\n')
    const { code, said } = await refused([`--web.config.file=${file}`], command)
    expect(code).toBe(2)
    expect(said).toContain(`${file}:2:8: basic_auth_users.ada: expected a bcrypt hash`)
    expect(said).not.toContain('secret')
  })

  it('that is not there ends', async () => {
    const { code, said } = await refused(['--web.config.file=/nowhere/web.yml'])
    expect(code).toBe(2)
    expect(said).toContain('--web.config.file: cannot read "/nowhere/web.yml": no such file')
  })

  it.each([
    { text: '', reason: 'has neither TLS nor users' },
    { text: USERS, reason: 'has users but no tls_server_config, so that passwords would cross the network' },
    { text: 'tls_server_config: {cert_file: a.crt, key_file: a.key}\n', reason: 'lets everybody in' },
  ])('that does not protect an address of other machines ends: $reason', async ({ text, reason }) => {
    const folder = tempFolder()
    makeAuthority(folder, 'a')
    const file = join(folder, 'web.yml')
    writeFileSync(file, text)
    const { code, said } = await refused([`--web.config.file=${file}`, '--web.listen-address=0.0.0.0:0'])
    expect(code).toBe(2)
    expect(said).toContain(`--web.listen-address: other machines can reach this address, and ${file} ${reason}`)
    expect(said).toContain('allow_unprotected')
  })

  it('that protects it listens there, without a warning', async () => {
    const folder = tempFolder()
    makeAuthority(folder, 'a')
    const file = join(folder, 'web.yml')
    writeFileSync(file, `tls_server_config: {cert_file: a.crt, key_file: a.key}\n${USERS}`)
    const env = { CLAUDE_USAGE_EXPORTER_WEB_CONFIG_FILE: file }
    const exporter = await startExporter({ home: folder, storage: join(folder, 'l'), address: '0.0.0.0:0', env })
    onTestFinished(() => exporter.kill('SIGKILL'))
    expect(exporter.log()).not.toContain('other machines can read')
  })
})
