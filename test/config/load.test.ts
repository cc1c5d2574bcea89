import { describe, expect, it } from 'vitest'
import { inputOfThisProcess } from '../../src/config/input.ts'
import { loadConfig } from '../../src/config/load.ts'
import { loadFrom } from './load-from.ts'

const report = { enabled: true, cron: [], timeZone: '', activeHours: '', jitterMs: 10_000 }

describe('without any configuration', () => {
  it('has a default for every setting', async () => {
    const { config, file } = await loadFrom({})
    expect(file).toBeNull()
    expect(config).toEqual({
      web: {
        listenAddress: [{ host: '127.0.0.1', port: 10061 }],
        telemetryPath: '/metrics',
        enableLifecycle: false,
        disableExporterMetrics: false,
        allowUnprotected: false,
        configFile: '',
        allowedHosts: [],
        maxRequests: 40,
      },
      storage: {
        path: '/home/ada/.local/share/claude-usage-exporter',
        url: '',
        password: '',
        passwordFile: '',
        schema: 'claude_usage',
        poolSize: 4,
        tls: { mode: 'auto', caFile: '', certFile: '', keyFile: '' },
        synchronous: 'normal',
        retentionMs: 400 * 86_400_000,
        allowNetworkFilesystem: false,
      },
      machine: { name: '' },
      log: { level: 'info', format: 'logfmt' },
      timeZone: 'Europe/Berlin',
      sources: {
        read: 'all',
        claudeCode: { enabled: true, roots: [], billing: 'metered' },
        openclaw: { enabled: true, roots: [], billing: 'metered' },
        pi: { enabled: true, roots: [], billing: 'metered' },
      },
      adminApi: {
        enabled: true,
        organization: 'default',
        key: '',
        keyFile: '',
        tokenFile: '',
        profile: '',
        baseUrl: 'https://api.anthropic.com',
        api: 'auto',
        pageSize: 0,
        requestsPerMinute: 60,
        runLimitMs: 600_000,
        retries: 3,
        historyMs: 31 * 86_400_000,
        settleAfterMs: 3 * 86_400_000,
        organizations: [],
        usage: { ...report, everyMs: 300_000, bucketWidth: '1h' },
        cost: { ...report, everyMs: 900_000, bucketWidth: '1h' },
        directory: { ...report, everyMs: 3_600_000 },
        claudeCode: { ...report, enabled: false, everyMs: 3_600_000 },
      },
      budgets: [],
      alerts: {
        burnFastRatio: 12,
        burnFastDayRatio: 12,
        burnSlowRatio: 2,
        forecastRatio: 1.1,
        forecastElapsedRatio: 0.1,
        sessionRateTokens: 3_000_000,
        agentRateRatio: 10,
        agentRateTokens: 50_000,
        activeSessionsCount: 12,
        unattendedRequestsCount: 150,
        unusualCostRatio: 5,
        unusualCostUsd: 5,
        cacheDropRatio: 0.2,
        cacheDropTokens: 1_000_000,
        syncStaleMs: 2 * 3_600_000,
        dataStaleMs: 26 * 3_600_000,
        sourceSilentMs: 3 * 86_400_000,
        machineSilentAfterMs: 7 * 86_400_000,
        rejectedLinesRatio: 0.01,
        reconciliationRatio: 0.25,
        balanceLowMs: 7 * 86_400_000,
      },
      balance: { topUps: [] },
      owners: [],
      ownersShare: 'none',
      notify: { webhookUrl: '', webhookUrlFile: '', format: 'json' },
      remoteWrite: {
        url: '',
        allowInsecure: false,
        intervalMs: 60_000,
        timeoutMs: 30_000,
        maxAgeMs: 2 * 3_600_000,
        headers: new Map(),
        bearerToken: '',
        bearerTokenFile: '',
        basicAuth: { username: '', password: '', passwordFile: '' },
        tls: { caFile: '', certFile: '', keyFile: '' },
        externalLabels: new Map(),
        drop: [],
      },
      reports: [],
      tail: {
        mode: 'auto',
        quietTimeMs: 60_000,
        holdLimitMs: 600_000,
        lineLimitBytes: 64 * 1024 * 1024,
        pollHotMs: 1_000,
        pollColdMs: 60_000,
        rescanMs: 300_000,
      },
      projects: { label: 'name', aliases: new Map(), salt: '' },
      pricing: { recordedCosts: 'auto', bedrockRegionFactor: true, aliases: new Map(), overrides: [] },
      metrics: { machineLabel: 'auto', seriesLimit: 10_000, zeroFirstMs: 120_000 },
    })
  })

  it('cannot be changed afterwards', async () => {
    const { config } = await loadFrom({})
    expect(() => Object.assign(config.web, { maxRequests: 1 })).toThrow(TypeError)
    expect(() => Object.assign(config.web.listenAddress[0] ?? {}, { port: 1 })).toThrow(TypeError)
  })

  it('takes UTC where the machine names a zone that Node does not know', async () => {
    expect((await loadFrom({ timeZone: 'Etc/Unknown' })).config.timeZone).toBe('UTC')
  })

  it('works with the environment of this process', async () => {
    const input = inputOfThisProcess(new Map())
    const { config } = await loadConfig({ ...input, readFile: () => 'log: {level: debug}' })
    expect(config.log.level).toBe('debug')
    expect(config.timeZone).toBe('UTC')
  })
})

describe('precedence', () => {
  const yaml = 'log: {level: error}'
  const env = { LOG_LEVEL: 'warn' }
  const flags = { 'log.level': 'debug' }

  it.each([
    { places: 'nothing', given: {}, level: 'info' },
    { places: 'a file', given: { yaml }, level: 'error' },
    { places: 'file and environment', given: { yaml, env }, level: 'warn' },
    { places: 'file, environment and flag', given: { yaml, env, flags }, level: 'debug' },
    { places: 'an empty variable, which is not set', given: { yaml, env: { LOG_LEVEL: '' } }, level: 'error' },
  ])('of $places: $level', async ({ given, level }) => {
    expect((await loadFrom(given)).config.log.level).toBe(level)
  })

  it('replaces lists and maps whole', async () => {
    const { config } = await loadFrom({ yaml: 'projects: {aliases: {a: x, b: y}}', env: { PROJECTS_ALIASES: 'a=z' } })
    expect(config.projects.aliases).toEqual(new Map([['a', 'z']]))
  })

  it('lets a flag switch off what the file switches on', async () => {
    const { config } = await loadFrom({
      yaml: 'web: {enable_lifecycle: true}',
      flags: { 'web.enable_lifecycle': false },
    })
    expect(config.web.enableLifecycle).toBe(false)
  })
})

describe('the configuration file', () => {
  const text = 'log: {level: debug}'

  it.each([
    { where: 'home', given: {}, file: '/home/ada/.config/claude-usage-exporter/config.yml' },
    {
      where: 'XDG_CONFIG_HOME',
      given: { env: { XDG_CONFIG_HOME: '/xdg' } },
      file: '/xdg/claude-usage-exporter/config.yml',
    },
    { where: 'a variable', given: { env: { CONFIG_FILE: '~/mine.yml' } }, file: '/home/ada/mine.yml' },
    { where: 'a relative flag', given: { flags: { 'config.file': 'mine.yml' } }, file: '/srv/current/mine.yml' },
    {
      where: 'a flag before a variable',
      given: { env: { CONFIG_FILE: '/no.yml' }, flags: { 'config.file': '/yes.yml' } },
      file: '/yes.yml',
    },
  ])('is found by $where', async ({ given, file }) => {
    const loaded = await loadFrom({ ...given, files: { [file]: text } })
    expect(loaded.file).toBe(file)
    expect(loaded.config.log.level).toBe('debug')
  })

  it('may have groups whose settings are all commented out', async () => {
    const { config } = await loadFrom({ yaml: 'log:\n  # level: debug\nweb:\n' })
    expect(config.log.level).toBe('info')
  })
})

describe('values', () => {
  it('reads lists from the environment, comma separated or as JSON', async () => {
    const { config } = await loadFrom({
      env: {
        WEB_LISTEN_ADDRESS: '127.0.0.1:1, [::1]:2',
        SOURCES_PI_ROOTS: '["/a,b", {"path": "/c", "billing": "plan"}]',
        SOURCES_OPENCLAW_ROOTS: '/a,/b',
      },
    })
    expect(config.web.listenAddress).toEqual([
      { host: '127.0.0.1', port: 1 },
      { host: '::1', port: 2 },
    ])
    expect(config.sources.pi.roots).toEqual([{ path: '/a,b' }, { path: '/c', billing: 'plan' }])
    expect(config.sources.openclaw.roots).toEqual([{ path: '/a' }, { path: '/b' }])
  })

  it('reads maps from the environment, as pairs or as JSON', async () => {
    const { config } = await loadFrom({
      env: { PRICING_ALIASES: '{"a": "b=c"}', PROJECTS_ALIASES: 'shop=Shop,blog=Blog' },
    })
    expect(config.pricing.aliases).toEqual(new Map([['a', 'b=c']]))
    expect(config.projects.aliases).toEqual(
      new Map([
        ['shop', 'Shop'],
        ['blog', 'Blog'],
      ]),
    )
  })

  it('finds only what was given under names that every object has', async () => {
    const { config } = await loadFrom({ yaml: 'projects: {aliases: {a: b}}' })
    expect(config.projects.aliases.get('constructor')).toBeUndefined()
  })

  it('starts relative paths at the place they are written in', async () => {
    const { config } = await loadFrom({
      yaml: 'sources: {pi: {roots: [logs, ~/logs, {path: ../logs, billing: plan}]}}',
      flags: { 'storage.path': 'data' },
      env: { SOURCES_OPENCLAW_ROOTS: 'claw' },
    })
    expect(config.sources.pi.roots).toEqual([
      { path: '/etc/logs' },
      { path: '/home/ada/logs' },
      { path: '/logs', billing: 'plan' },
    ])
    expect(config.sources.openclaw.roots).toEqual([{ path: '/srv/current/claw' }])
    expect(config.storage.path).toBe('/srv/current/data')
  })

  it('takes prices as whole pico-dollars per token, absent ones as null', async () => {
    const { config } = await loadFrom({
      yaml: `
pricing:
  overrides:
    - model: my-model
      aliases: [mine]
      since: 2026-03-13
      input: 0.1
      output: 3.0001
      cache_read: 0
      long: {threshold: 200000, input: 6, output: 22.5, cache_write_1h: 12}
      fast: {input: 6, output: 30}`,
    })
    const none = { cache_write_5m: null, cache_write_1h: null, cache_read: null }
    expect(config.pricing.overrides).toEqual([
      {
        model: 'my-model',
        aliases: ['mine'],
        since: '2026-03-13',
        standard: { ...none, input: 100_000, output: 3_000_100, cache_read: 0 },
        long: {
          threshold: 200_000,
          prices: { ...none, input: 6_000_000, output: 22_500_000, cache_write_1h: 12_000_000 },
        },
        fast: { ...none, input: 6_000_000, output: 30_000_000 },
      },
    ])
  })

  it('listens on any address when that is allowed', async () => {
    const { config } = await loadFrom({
      env: { WEB_ALLOW_UNPROTECTED: 'true', WEB_LISTEN_ADDRESS: ':1,0.0.0.0:2,exporter.lan:3' },
    })
    expect(config.web.listenAddress.map((address) => address.host)).toEqual(['', '0.0.0.0', 'exporter.lan'])
  })

  it.each(['127.0.0.1:1', '127.8.9.1:1', 'localhost:1', '[::1]:1'])('takes %s for loopback', async (address) => {
    await expect(loadFrom({ flags: { 'web.listen_address': [address] } })).resolves.toBeDefined()
  })

  it.each(['127.0.0.1.example.org:1', 'localhost.example.org:1', '[::]:1', '10.0.0.1:1', '0.0.0.0:1'])(
    'does not take %s for loopback',
    async (address) => {
      await expect(loadFrom({ flags: { 'web.listen_address': [address] } })).rejects.toThrow('other machines can reach')
    },
  )
})
