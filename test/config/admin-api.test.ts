import { describe, expect, it } from 'vitest'
import { organizationsOf } from '../../src/config/organizations.ts'
import { printConfig } from '../../src/config/print.ts'
import { type Given, loadFrom, refusal } from './load-from.ts'

const KEY = 'sk-ant-admin01-abc'
const BASE = { baseUrl: 'https://api.anthropic.com', api: 'auto' }

async function organizations(given: Given) {
  return organizationsOf((await loadFrom(given)).config)
}

const FEDERATION = '{rule_id: fr_1, organization_id: o, identity_token_file: token, scope: org:admin}'

describe('the organisations to read', () => {
  it.each<Given & { where: string; credential: unknown }>([
    { where: 'a file', yaml: `admin_api: {key: ${KEY}}`, credential: { kind: 'key', key: KEY } },
    { where: 'our variable', env: { ADMIN_API_KEY: KEY }, credential: { kind: 'key', key: KEY } },
    { where: "the provider's variable", env: { ANTHROPIC_ADMIN_KEY: KEY }, credential: { kind: 'key', key: KEY } },
    {
      where: "our variable rather than the provider's",
      env: { ANTHROPIC_ADMIN_KEY: 'other', ADMIN_API_KEY: KEY },
      credential: { kind: 'key', key: KEY },
    },
    {
      where: 'a key file, relative to the configuration file',
      yaml: 'admin_api: {key_file: admin.key}',
      credential: { kind: 'key_file', path: '/etc/admin.key' },
    },
    {
      where: 'a key file, relative to the working folder',
      env: { ANTHROPIC_ADMIN_KEY_FILE: 'admin.key' },
      credential: { kind: 'key_file', path: '/srv/current/admin.key' },
    },
    {
      where: 'a key file by flag',
      flags: { 'admin_api.key_file': '~/admin.key' },
      credential: { kind: 'key_file', path: '/home/ada/admin.key' },
    },
    {
      where: 'a token file',
      env: { ADMIN_API_TOKEN_FILE: '/run/token' },
      credential: { kind: 'token_file', path: '/run/token' },
    },
    { where: 'a profile', yaml: 'admin_api: {profile: work}', credential: { kind: 'profile', name: 'work' } },
  ])('take the credential from $where', async ({ where: _, credential, ...given }) => {
    expect(await organizations(given)).toEqual([{ name: 'default', ...BASE, credential }])
  })

  it('are none without a credential, or where they are turned off', async () => {
    expect(await organizations({})).toEqual([])
    expect(await organizations({ env: { ANTHROPIC_ADMIN_KEY: KEY, ADMIN_API_ENABLED: 'false' } })).toEqual([])
    expect(await organizations({ env: { ANTHROPIC_ADMIN_KEY: '' } })).toEqual([])
  })

  it('can be several, each with a credential of its own', async () => {
    const yaml = `
admin_api:
  key_file: ~/main.key
  organization: main
  api: legacy
  organizations:
    - {name: a, key_file: a.key}
    - {name: b, key_variable: B_KEY, base_url: "http://127.0.0.1:8080", api: analytics}
    - {name: c, token_file: /c}
    - {name: d, profile: d}
    - {name: e, federation: ${FEDERATION}}
`
    const federation = {
      kind: 'federation',
      ruleId: 'fr_1',
      organizationId: 'o',
      identityTokenFile: '/etc/token',
      scope: 'org:admin',
    }
    const base = { baseUrl: 'https://api.anthropic.com', api: 'legacy' }
    expect(await organizations({ yaml })).toEqual([
      { name: 'main', ...base, credential: { kind: 'key_file', path: '/home/ada/main.key' } },
      { name: 'a', ...base, credential: { kind: 'key_file', path: '/etc/a.key' } },
      {
        name: 'b',
        baseUrl: 'http://127.0.0.1:8080',
        api: 'analytics',
        credential: { kind: 'key_variable', variable: 'B_KEY' },
      },
      { name: 'c', ...base, credential: { kind: 'token_file', path: '/c' } },
      { name: 'd', ...base, credential: { kind: 'profile', name: 'd' } },
      { name: 'e', ...base, credential: federation },
    ])
    const printed = printConfig(await loadFrom({ yaml }))
    expect(await organizations({ yaml: printed })).toEqual(await organizations({ yaml }))
  })

  it('may stand in the environment as JSON', async () => {
    const env = { ADMIN_API_ORGANIZATIONS: '[{"name": "a", "key_file": "a.key"}]' }
    expect(await organizations({ env })).toEqual([
      { name: 'a', ...BASE, credential: { kind: 'key_file', path: '/srv/current/a.key' } },
    ])
  })
})

describe('the key', () => {
  it.each<Given>([{ yaml: `admin_api: {key: ${KEY}}` }, { env: { ANTHROPIC_ADMIN_KEY: KEY } }])(
    'is masked in the printed configuration: %o',
    async (given) => {
      const text = printConfig(await loadFrom(given))
      expect(text).toContain('key: "[redacted]" # ')
      expect(text).not.toContain(KEY)
    },
  )

  it.each<Given & { wrong: string }>([
    { wrong: 'a key with a blank', env: { ANTHROPIC_ADMIN_KEY: `${KEY} x` } },
    { wrong: 'a key where a variable is named', yaml: `admin_api: {organizations: [{name: a, key_variable: ${KEY}}]}` },
    { wrong: 'a key in the list', yaml: `admin_api: {organizations: [{name: a, key: ${KEY}}]}` },
    { wrong: 'a key for the whole list', env: { ADMIN_API_ORGANIZATIONS: KEY } },
    { wrong: 'two credentials', env: { ANTHROPIC_ADMIN_KEY: KEY, ANTHROPIC_ADMIN_KEY_FILE: '/k' } },
    { wrong: 'a password in the address', env: { ADMIN_API_BASE_URL: `https://ada:${KEY}@api.example.org` } },
    {
      wrong: 'another password in the address',
      env: { ADMIN_API_BASE_URL: 'https://ada:admin01-abc@api.example.org' },
    },
  ])('never stands in the message about $wrong', async ({ wrong: _, ...given }) => {
    expect(JSON.stringify(await refusal(given))).not.toContain('admin01-abc')
  })
})

describe('refused is', () => {
  it.each<Given & { wrong: string; message: string; fix?: string }>([
    {
      wrong: 'a key and a key file',
      env: { ANTHROPIC_ADMIN_KEY: KEY, ANTHROPIC_ADMIN_KEY_FILE: '/k' },
      message: 'ANTHROPIC_ADMIN_KEY_FILE: admin_api.key_file is given as well as admin_api.key (ANTHROPIC_ADMIN_KEY)',
      fix: 'Keep one of admin_api.key and admin_api.key_file: an organisation has one credential. More organisations go under admin_api.organizations.',
    },
    {
      wrong: 'a token file and a profile',
      yaml: 'admin_api: {token_file: /t, profile: p}',
      message:
        '/etc/exporter.yml:1:38: admin_api.profile: admin_api.profile is given as well as admin_api.token_file (/etc/exporter.yml:1:25: admin_api.token_file)',
    },
    {
      wrong: 'a name with a colon',
      env: { ADMIN_API_ORGANIZATION: 'a:b' },
      message:
        'CLAUDE_USAGE_EXPORTER_ADMIN_API_ORGANIZATION: expected a name of up to 63 letters, digits, _, . and -, beginning with a letter or digit (got "a:b")',
    },
    {
      wrong: 'an organisation without credential',
      yaml: 'admin_api: {organizations: [{name: a}]}',
      message: '/etc/exporter.yml:1:28: admin_api.organizations: organisation "a" has no credential',
      fix: 'Give it exactly one of key_file, key_variable, token_file, profile, federation.',
    },
    {
      wrong: 'an organisation with two credentials',
      yaml: 'admin_api: {organizations: [{name: a, key_file: /k, profile: p}]}',
      message: '/etc/exporter.yml:1:28: admin_api.organizations: organisation "a" has key_file and profile',
    },
    {
      wrong: 'a name given twice',
      yaml: 'admin_api: {organizations: [{name: a, key_file: /k}, {name: a, profile: p}]}',
      message: '/etc/exporter.yml:1:28: admin_api.organizations: two organisations are called "a"',
    },
    {
      wrong: 'the name of the first organisation again',
      yaml: 'admin_api: {key_file: /k, organizations: [{name: default, profile: p}]}',
      message: '/etc/exporter.yml:1:42: admin_api.organizations: two organisations are called "default"',
    },
    {
      wrong: 'a misspelt key of an organisation',
      yaml: 'admin_api: {organizations: [{name: a, keyfile: /k}]}',
      message: '/etc/exporter.yml:1:39: admin_api.organizations[0].keyfile: unknown key; did you mean key_file?',
    },
    {
      wrong: 'a federation without its token',
      yaml: 'admin_api: {organizations: [{name: a, federation: {rule_id: r, organization_id: o}}]}',
      message:
        '/etc/exporter.yml:1:51: admin_api.organizations[0].federation.identity_token_file: missing; expected a path',
    },
    {
      wrong: 'an impossible cron expression',
      yaml: 'admin_api: {usage: {cron: ["61 * * * *"]}}',
      message:
        '/etc/exporter.yml:1:28: admin_api.usage.cron[0]: expected a cron expression of five fields (minute hour day month weekday), such as "0 8,18 * * 1-5" (got "61 * * * *")',
    },
    {
      wrong: 'a report that is read too often',
      env: { ADMIN_API_COST_EVERY: '30s' },
      message:
        'CLAUDE_USAGE_EXPORTER_ADMIN_API_COST_EVERY: expected a duration from 1m to 7d, such as 90s, 10m or 1h30m (got "30s")',
    },
    {
      wrong: 'minutes for the cost',
      env: { ADMIN_API_COST_BUCKET_WIDTH: '1m' },
      message: 'CLAUDE_USAGE_EXPORTER_ADMIN_API_COST_BUCKET_WIDTH: expected one of 1h, 1d (got "1m")',
    },
    {
      wrong: 'a zone that does not exist',
      env: { ADMIN_API_USAGE_TIME_ZONE: 'Berlin' },
      message:
        'CLAUDE_USAGE_EXPORTER_ADMIN_API_USAGE_TIME_ZONE: expected an IANA time zone such as Europe/Berlin or UTC (got "Berlin")',
    },
  ])('$wrong', async ({ wrong: _, message, fix, ...given }) => {
    const refused = await refusal(given)
    expect(refused.message).toBe(message)
    if (fix !== undefined) expect(refused.fix).toBe(fix)
  })

  it.each([
    'api.anthropic.com',
    'http://api.anthropic.com',
    'http://10.0.0.1',
    'http://127.0.0.1.example.org',
    'https://ada:secret@api.example.org',
    'https://api.example.org?x=1',
    'https://api.example.org#x',
    'ftp://127.0.0.1',
    'https://',
  ])('%s as address of the API', async (url) => {
    expect((await refusal({ env: { ADMIN_API_BASE_URL: url } })).message).toContain('expected an https URL')
  })

  it.each(['* * * *', '* * * * * *', '0 24 * * *', '0 0 * * 8', '@reboot', 'soon', '0 0 * * $'])(
    '%s as cron expression',
    async (cron) => {
      expect((await refusal({ env: { ADMIN_API_USAGE_CRON: cron } })).message).toContain('expected a cron expression')
    },
  )

  it.each(['8-18', '08:00', '24:00-06:00', '08:00-08:00', '08:00-18:60'])('%s as active hours', async (hours) => {
    expect((await refusal({ env: { ADMIN_API_USAGE_ACTIVE_HOURS: hours } })).message).toContain('expected hours')
  })
})

describe('a report', () => {
  it.each(['https://gateway.example.org/anthropic', 'http://localhost:8080', 'http://127.0.0.1', 'http://[::1]:80'])(
    'can come from %s',
    async (url) => {
      expect((await loadFrom({ env: { ADMIN_API_BASE_URL: url } })).config.adminApi.baseUrl).toBe(url)
    },
  )

  it.each<{ how: string; given: Given; cron: string[] }>([
    {
      how: 'separated by semicolons in the environment',
      given: { env: { ADMIN_API_COST_CRON: '0 8,18 * * *; */5 9-17 * * mon-fri' } },
      cron: ['0 8,18 * * *', '*/5 9-17 * * mon-fri'],
    },
    {
      how: 'as JSON in the environment',
      given: { env: { ADMIN_API_COST_CRON: '["30 8,18 * * *"]' } },
      cron: ['30 8,18 * * *'],
    },
    { how: 'by flags', given: { flags: { 'admin_api.cost.cron': ['@daily'] } }, cron: ['@daily'] },
    { how: 'in the file', given: { yaml: 'admin_api: {cost: {cron: ["0 0 1 1 0"]}}' }, cron: ['0 0 1 1 0'] },
  ])('can have cron expressions, $how', async ({ given, cron }) => {
    expect((await loadFrom(given)).config.adminApi.cost.cron).toEqual(cron)
  })

  it('can be read in some hours of a zone', async () => {
    const yaml = 'admin_api: {claude_code: {enabled: true, time_zone: Asia/Tokyo, active_hours: "22:00-06:30"}}'
    const { claudeCode } = (await loadFrom({ yaml })).config.adminApi
    expect(claudeCode).toMatchObject({ enabled: true, timeZone: 'Asia/Tokyo', activeHours: '22:00-06:30' })
  })
})
