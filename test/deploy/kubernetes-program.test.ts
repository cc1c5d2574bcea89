import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FOLDERS } from '../../scripts/kubernetes/names.ts'
import { budgetsOf } from '../../src/config/budgets.ts'
import { loadFrom } from '../config/load-from.ts'
import { eventually, startExporter } from '../support/exporter.ts'
import { tempFolder } from '../support/temp.ts'
import { configMap, deployment, environmentOf, podOf } from './manifests.ts'

const KEY = 'sk-ant-admin01-kubernetes-0123456789'

const CONFIG = Object.values(configMap.data ?? {})[0] ?? ''
/** With every setting turned on, as its first lines tell. */
const TURNED_ON = CONFIG.replace(/^( *)#(?=\S)/gm, '$1')

describe('the starter configuration', () => {
  it('is accepted, and changes nothing as it stands', async () => {
    const { config, settings } = await loadFrom({ yaml: CONFIG })
    expect(config).toEqual((await loadFrom({})).config)
    expect(settings.filter(({ where }) => where !== null)).toEqual([])
  })

  it('has the starter budgets, and one that needs no session logs', async () => {
    const { config } = await loadFrom({ yaml: TURNED_ON })
    expect(budgetsOf(config).map(({ name, basis }) => [name, basis])).toEqual([
      ['daily', 'estimated_cost'],
      ['weekly-tokens', 'session_tokens'],
      ['monthly', 'estimated_cost'],
      ['agent-reviewer', 'estimated_cost'],
      ['project-shop', 'session_tokens'],
      ['workspace-research', 'billed_cost'],
    ])
  })
})

describe('the program in the Pod', () => {
  it('accepts its environment and its configuration', async () => {
    const { env } = containerIn(tempFolder())
    const { stdout } = await promisify(execFile)(process.execPath, ['dist/main.js', 'check-config'], { env })
    expect(stdout).toContain(env['CLAUDE_USAGE_EXPORTER_CONFIG_FILE'])
  })

  it('starts without a key, and answers every probe', async () => {
    const root = tempFolder()
    const { env, folder } = containerIn(root)
    const exporter = await startExporter({ home: folder(FOLDERS.home), storage: folder(FOLDERS.ledger), env })
    onTestFinished(() => exporter.kill('SIGKILL'))
    const { container } = podOf(deployment)
    for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
      // As the kubelet asks: by the address of the Pod.
      const path = probe?.httpGet?.path ?? ''
      const look = async () => ((await fetch(`${exporter.url}${path}`)).status === 200 ? true : null)
      await eventually(`${path} being answered`, look)
    }
    const refused = 'claude_exporter_credentials_valid{organization="default"}'
    const series = await eventually('the key being missed', async () => {
      const seen = await exporter.scrape()
      return seen?.has(refused) ? seen : null
    })
    expect(series.get(refused)).toBe('0')
  })

  it('sends the key of the file that is mounted', async () => {
    const seen = new Set<unknown>()
    const api = createServer((request, response) => {
      seen.add(request.headers.authorization)
      response.writeHead(401, { 'content-type': 'application/json' }).end('{}')
    })
    api.listen(0, '127.0.0.1')
    await once(api, 'listening')
    onTestFinished(() => void api.close())
    const address = api.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const { env, folder } = containerIn(tempFolder())
    const keyFile = env['ANTHROPIC_ADMIN_KEY_FILE'] ?? ''
    mkdirSync(dirname(keyFile), { recursive: true })
    writeFileSync(keyFile, KEY)
    const exporter = await startExporter({
      home: folder(FOLDERS.home),
      storage: folder(FOLDERS.ledger),
      env: { ...env, CLAUDE_USAGE_EXPORTER_ADMIN_API_BASE_URL: `http://127.0.0.1:${address.port}` },
    })
    onTestFinished(() => exporter.kill('SIGKILL'))
    await eventually('a request', async () => (seen.size > 0 ? true : null))
    expect([...seen]).toEqual([`Bearer ${KEY}`])
    expect(exporter.log()).not.toContain(KEY)
  })
})

/** The environment of the container with its folders below another root, where the configuration is mounted. */
function containerIn(root: string) {
  const folder = (path: string) => join(root, path)
  mkdirSync(folder(FOLDERS.config), { recursive: true })
  mkdirSync(folder(FOLDERS.ledger), { recursive: true })
  for (const [name, text] of Object.entries(configMap.data ?? {}))
    writeFileSync(join(folder(FOLDERS.config), name), text)
  const entries = Object.entries(environmentOf(deployment)).map(([name, value]) => [
    name,
    value.startsWith('/') ? folder(value) : value,
  ])
  const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...Object.fromEntries(entries) }
  return { env, folder }
}
