import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONFIG_FILE_VARIABLE } from '../../src/config/environment.ts'
import { allSettings } from '../../src/config/settings.ts'
import { claudeCodeRoots } from '../../src/sources/claude-code/roots.ts'
import { openClawStateFolders } from '../../src/sources/openclaw/roots.ts'
import { piSessionFolders } from '../../src/sources/pi/roots.ts'
import { composeFile, mountsOf, ROOT, readRepositoryFile, serviceOf, variablesOf } from './compose-file.ts'

const file = composeFile()
const services = Object.entries(file.services)
const STEPS = ['history', 'history-import']

describe.each(services)('service %s', (name, service) => {
  it('runs a version that stays the same', () => {
    expect(service.image).toMatch(/^([a-z/-]+:v?\d+\.\d+\.\d+|postgres:\d+\.\d+-bookworm)$/)
    for (const image of Object.values(service.build?.args ?? {}).filter((value) => value.includes(':'))) {
      expect(image).toMatch(/^node:22\.\d+\.\d+-bookworm(-slim)?$/)
    }
  })

  it('can do no more than it has to', () => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    for (const key of ['privileged', 'cap_add', 'devices', 'network_mode', 'pid', 'ipc', 'userns_mode', 'group_add']) {
      expect(service).not.toHaveProperty(key)
    }
  })

  it('is published on this machine only', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
    expect(service.ports ?? []).toHaveLength(STEPS.includes(name) ? 0 : 1)
  })

  it('mounts what exists, and what belongs to this machine only for reading', () => {
    for (const { source, readOnly } of mountsOf(service)) {
      if (/^[a-z]+$/.test(source)) {
        expect(file.volumes).toHaveProperty(source)
        continue
      }
      expect(readOnly).toBe(true)
      expect(source).not.toContain('docker.sock')
      if (source.startsWith('./')) expect(existsSync(join(ROOT, source)), source).toBe(true)
      else expect(source).toBe('~/.claude/projects')
    }
  })

  it(STEPS.includes(name) ? 'runs once' : 'starts again, and its health is looked at', () => {
    if (STEPS.includes(name)) {
      expect(service).toMatchObject({ restart: 'no', healthcheck: { disable: true } })
    } else {
      expect(service.restart).toBe('unless-stopped')
      const test = service.healthcheck?.test ?? /HEALTHCHECK/.exec(readRepositoryFile('Dockerfile'))
      expect(test).not.toBeNull()
    }
  })

  it('knows every setting of the exporter that it is given', () => {
    const known = [CONFIG_FILE_VARIABLE, ...allSettings.map((setting) => setting.environmentName)]
    const given = Object.keys(service.environment ?? {}).filter((variable) => variable.startsWith('CLAUDE_'))
    expect(known).toEqual(expect.arrayContaining(given))
  })
})

describe('logs', () => {
  const found = [
    ...claudeCodeRoots({ env: {}, home: '/home/agent', roots: [], billing: 'metered', isFolder: () => true }).map(
      ({ path }) => path,
    ),
    ...openClawStateFolders({ env: {}, home: '/home/agent', roots: [], billing: 'metered' }).map(
      (state) => `${state}/agents`,
    ),
    ...piSessionFolders({ env: {}, home: '/home/agent', roots: [], billing: 'metered' }),
  ]
  const logMounts = (variables = {}) =>
    mountsOf(serviceOf(composeFile(variables), 'exporter')).filter(({ target }) => target.startsWith('/home/agent/'))

  it('are mounted where the exporter looks for them', () => {
    expect(logMounts()).toHaveLength(4)
    for (const { target } of logMounts()) expect(found).toContain(target)
  })

  it('are those that .env names', () => {
    const variables = { CLAUDE_CODE_LOGS: '/a', CLAUDE_CODE_MORE_LOGS: '/b', OPENCLAW_LOGS: '/c', PI_LOGS: '/d' }
    expect(logMounts(variables).map(({ source }) => source)).toEqual(['/a', '/b', '/c', '/d'])
  })

  it('make Docker create no folder but that of Claude Code', () => {
    const made = mountsOf(serviceOf(file, 'exporter')).filter(({ createsHostPath }) => createsHostPath === true)
    expect(made.map(({ source }) => source)).toEqual(['~/.claude/projects'])
  })
})

describe('secrets', () => {
  it('are files, and none is set unless .env names one', () => {
    for (const { file: path } of Object.values(file.secrets)) expect(existsSync(join(ROOT, path)), path).toBe(true)
    const { environment } = serviceOf(file, 'exporter')
    expect(environment).toMatchObject({ ANTHROPIC_ADMIN_KEY_FILE: null })
    expect(environment).toMatchObject({ CLAUDE_USAGE_EXPORTER_NOTIFY_WEBHOOK_URL_FILE: null })
  })

  it.each([
    ['ANTHROPIC_ADMIN_KEY_FILE', 'ANTHROPIC_ADMIN_KEY_FILE', 'anthropic-admin-key'],
    ['NOTIFY_WEBHOOK_URL_FILE', 'CLAUDE_USAGE_EXPORTER_NOTIFY_WEBHOOK_URL_FILE', 'notify-webhook-url'],
    ['STORAGE_PASSWORD_FILE', 'CLAUDE_USAGE_EXPORTER_STORAGE_PASSWORD_FILE', 'storage-password'],
  ])('%s is mounted for the exporter', (variable, setting, secret) => {
    const given = composeFile({ [variable]: '/home/me/key' })
    const exporter = serviceOf(given, 'exporter')
    expect(given.secrets[secret]).toEqual({ file: '/home/me/key' })
    expect(exporter.secrets).toContain(secret)
    expect(exporter.environment).toMatchObject({ [setting]: `/run/secrets/${secret}` })
  })

  it('are no passwords: Grafana has no user', () => {
    const { environment } = serviceOf(file, 'grafana')
    expect(environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: 'true',
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      GF_AUTH_DISABLE_LOGIN_FORM: 'true',
      GF_AUTH_BASIC_ENABLED: 'false',
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
    })
    expect(JSON.stringify({ ...file, secrets: {} }).replaceAll(/storage-password|\w+_PASSWORD_FILE/g, '')).not.toMatch(
      /password/i,
    )
  })
})

describe('history', () => {
  it('is brought in before Prometheus starts', () => {
    expect(serviceOf(file, 'history-import').depends_on).toHaveProperty('history')
    expect(serviceOf(file, 'prometheus').depends_on).toHaveProperty('history-import')
  })

  it('keeps nothing from starting when it fails', () => {
    for (const [, { depends_on: dependencies = {} }] of services) {
      for (const { condition, required } of Object.values(dependencies)) {
        if (condition === 'service_completed_successfully') expect(required).toBe(false)
        else expect(condition).toBe('service_started')
      }
    }
  })

  it('is kept long enough', () => {
    expect(serviceOf(file, 'prometheus').command).toContain('--storage.tsdb.retention.time=400d')
  })
})

it('one service builds the image, the others take it', () => {
  const building = services.filter(([, { build }]) => build !== undefined)
  expect(building.map(([name]) => name)).toEqual(['exporter'])
  const { image } = serviceOf(file, 'exporter')
  const taking = services.filter(([name, service]) => service.image === image && name !== 'exporter')
  expect(taking.map(([name, service]) => [name, service.pull_policy])).toEqual([['history', 'never']])
})

it('web pages of others read nothing', () => {
  expect(serviceOf(file, 'exporter').environment).toMatchObject({
    CLAUDE_USAGE_EXPORTER_WEB_ALLOWED_HOSTS: 'exporter',
  })
  expect(readRepositoryFile('compose/prometheus.yml')).toContain('exporter:10061')
  expect(serviceOf(file, 'grafana').environment).toMatchObject({ GF_SERVER_ENFORCE_DOMAIN: 'true' })
})

it('the demo shares no volume with real use', () => {
  const names = (variables = {}) => Object.values(composeFile(variables).volumes).map(({ name }) => name)
  const own = names()
  const demo = names({ EXPORTER_COMMAND: 'demo' })
  expect(serviceOf(composeFile({ EXPORTER_COMMAND: 'demo' }), 'exporter').command).toEqual(['demo'])
  expect(new Set([...own, ...demo]).size).toBe(own.length * 2)
})

it('.env.example has every variable with its default', () => {
  const text = readRepositoryFile('.env.example')
  // Compose gives the name of the project itself.
  const variables = [...variablesOf(readRepositoryFile('docker-compose.yml'))].filter(
    ([name]) => name !== 'COMPOSE_PROJECT_NAME',
  )
  const paragraphs = text.split('\n\n').map((paragraph) => ({
    isExample: paragraph.includes('Example'),
    values: [...paragraph.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => ({ name, value })),
  }))
  const given = paragraphs.flatMap(({ isExample, values }) => values.map((value) => ({ ...value, isExample })))
  expect(given.map(({ name }) => name).sort()).toEqual(variables.map(([name]) => name).sort())
  for (const { name, value, isExample } of given) {
    expect(value).not.toBe('')
    if (!isExample) expect(`${name}=${value}`).toBe(`${name}=${new Map(variables).get(name)}`)
  }
})
