import { describe, expect, it } from 'vitest'
import { type Given, refusal } from './load-from.ts'

const DURATION = 'such as 90s, 10m or 1h30m'
const PRICE = 'dollars per million tokens, from 0, with at most four decimals'
const ADDRESS = 'HOST:PORT, [IPv6]:PORT or :PORT with a port from 0 to 65535'

/** One wrong thing each, and the message for it. */
const CASES: readonly (Given & { wrong: string; message: string; fix?: string })[] = [
  {
    wrong: 'a misspelt setting',
    yaml: 'web:\n  listen_adress: ["127.0.0.1:1"]',
    message: '/etc/exporter.yml:2:3: web.listen_adress: unknown setting; did you mean web.listen_address?',
  },
  {
    wrong: 'a setting in the wrong group',
    yaml: 'level: info',
    message: '/etc/exporter.yml:1:1: level: unknown setting; did you mean log.level?',
  },
  {
    wrong: 'a key that means nothing',
    yaml: 'dashboards: true',
    message: '/etc/exporter.yml:1:1: dashboards: unknown setting',
  },
  {
    wrong: 'a word outside the choice',
    yaml: 'log: {level: loud}',
    message: '/etc/exporter.yml:1:14: log.level: expected one of debug, info, warn, error (got "loud")',
  },
  {
    wrong: 'text for a switch',
    yaml: 'web:\n  enable_lifecycle: "yes"',
    message: '/etc/exporter.yml:2:21: web.enable_lifecycle: expected true or false (got "yes")',
  },
  {
    wrong: 'a negative number',
    yaml: 'web:\n  max_requests: -5',
    message: '/etc/exporter.yml:2:17: web.max_requests: expected a whole number from 0 to 100000 (got -5)',
  },
  {
    wrong: 'a fraction',
    yaml: 'metrics:\n  series_limit: 1.5',
    message: '/etc/exporter.yml:2:17: metrics.series_limit: expected a whole number from 1 to 10000000 (got 1.5)',
  },
  {
    wrong: 'a duration that is none',
    yaml: 'tail:\n  quiet_time: soon',
    message: `/etc/exporter.yml:2:15: tail.quiet_time: expected a duration from 0s to 1d, ${DURATION} (got "soon")`,
  },
  {
    wrong: 'days written as a bare number, which would be seconds',
    yaml: 'storage:\n  retention: 400',
    message: `/etc/exporter.yml:2:14: storage.retention: expected a duration from 1d to 36500d, ${DURATION} (got 400)`,
  },
  {
    wrong: 'a size below the smallest',
    yaml: 'tail:\n  line_limit: 64',
    message: '/etc/exporter.yml:2:15: tail.line_limit: expected a size from 1KiB to 256MiB, such as 64MiB (got 64)',
  },
  {
    wrong: 'no port',
    yaml: 'web:\n  listen_address:\n    - 127.0.0.1:10061\n    - localhost',
    message: `/etc/exporter.yml:4:7: web.listen_address[1]: expected ${ADDRESS} (got "localhost")`,
  },
  {
    wrong: 'text where a list belongs',
    yaml: 'web:\n  listen_address: 127.0.0.1:10061',
    message: '/etc/exporter.yml:2:19: web.listen_address: expected addresses (got "127.0.0.1:10061")',
  },
  {
    wrong: 'a path that is taken',
    yaml: 'web:\n  telemetry_path: /-/ready',
    message:
      '/etc/exporter.yml:2:19: web.telemetry_path: expected a path such as /metrics, outside /-/, /api/, /healthz and /readyz (got "/-/ready")',
  },
  {
    wrong: 'a zone that does not exist',
    yaml: 'time_zone: Mars/Base',
    message:
      '/etc/exporter.yml:1:12: time_zone: expected an IANA time zone such as Europe/Berlin or UTC (got "Mars/Base")',
  },
  {
    wrong: 'an offset for a zone',
    env: { TIME_ZONE: '+02:00' },
    message: 'CLAUDE_USAGE_EXPORTER_TIME_ZONE: expected an IANA time zone such as Europe/Berlin or UTC (got "+02:00")',
  },
  {
    wrong: 'a misspelt key of a root',
    yaml: 'sources:\n  pi:\n    roots:\n      - {path: /logs, biling: plan}',
    message: '/etc/exporter.yml:4:23: sources.pi.roots[0].biling: unknown key; did you mean billing?',
  },
  {
    wrong: 'a price that is missing',
    yaml: 'pricing:\n  overrides:\n    - model: m\n      output: 1',
    message: `/etc/exporter.yml:3:7: pricing.overrides[0].input: missing; expected ${PRICE}`,
  },
  {
    wrong: 'a price with five decimals',
    yaml: 'pricing:\n  overrides:\n    - {model: m, input: 1.00001, output: 1}',
    message: `/etc/exporter.yml:3:25: pricing.overrides[0].input: expected ${PRICE} (got 1.00001)`,
  },
  {
    wrong: 'a day that is not in the calendar',
    yaml: 'pricing:\n  overrides:\n    - {model: m, since: 2026-02-30, input: 1, output: 1}',
    message:
      '/etc/exporter.yml:3:25: pricing.overrides[0].since: expected a date such as 2026-03-13 (got "2026-02-30")',
  },
  {
    wrong: 'a misspelt price in the environment',
    env: { PRICING_OVERRIDES: '[{"model":"m","input":1,"output":1,"cache_reed":1}]' },
    message: 'CLAUDE_USAGE_EXPORTER_PRICING_OVERRIDES[0].cache_reed: unknown key; did you mean cache_read?',
  },
  {
    wrong: 'a list where groups belong',
    yaml: '- web',
    message: '/etc/exporter.yml:1:1: expected a mapping of settings (got ["web"])',
  },
  {
    wrong: 'a secret of the wrong type, which is not repeated',
    yaml: 'projects: {salt: 12345}',
    message: '/etc/exporter.yml:1:18: projects.salt: expected text on one line',
  },
  {
    wrong: 'a misspelt variable',
    env: { LOG_LEVLE: 'info' },
    message: 'CLAUDE_USAGE_EXPORTER_LOG_LEVLE: unknown setting; did you mean CLAUDE_USAGE_EXPORTER_LOG_LEVEL?',
  },
  {
    wrong: 'a variable like no other',
    env: { LEDGER_HOME: 'postgres://db' },
    message: 'CLAUDE_USAGE_EXPORTER_LEDGER_HOME: unknown setting',
  },
  {
    wrong: 'pairs without a value',
    env: { PROJECTS_ALIASES: 'a=b,c' },
    message: 'CLAUDE_USAGE_EXPORTER_PROJECTS_ALIASES: expected names by project (got "a=b,c")',
  },
  {
    wrong: 'a flag that is no number',
    flags: { 'web.max_requests': 'many' },
    message: '--web.max-requests: expected a whole number from 0 to 100000 (got "many")',
  },
  {
    wrong: 'a named file that is not there',
    flags: { 'config.file': 'missing.yml' },
    message: '--config.file: cannot read "missing.yml": no such file',
  },
  {
    wrong: 'a named file that is not there, by environment',
    env: { CONFIG_FILE: '/missing.yml' },
    message: 'CLAUDE_USAGE_EXPORTER_CONFIG_FILE: cannot read "/missing.yml": no such file',
  },
  {
    wrong: 'an address that others can reach',
    flags: { 'web.listen_address': ['127.0.0.1:1', ':10061'] },
    message: '--web.listen-address: other machines can reach this address, and anybody there could read what you spend',
    fix: 'Listen on 127.0.0.1, name a web.config_file with TLS and users, or set web.allow_unprotected to true where a firewall or proxy protects the port.',
  },
  {
    wrong: 'a hold limit below the quiet time',
    yaml: 'tail:\n  hold_limit: 10s',
    message: '/etc/exporter.yml:2:15: tail.hold_limit: shorter than tail.quiet_time',
    fix: 'Set tail.hold_limit to at least tail.quiet_time.',
  },
  {
    wrong: 'cold files looked at more often than hot ones',
    yaml: 'tail:\n  poll_hot: 2m',
    message: 'tail.poll_cold: shorter than tail.poll_hot',
    fix: 'Set tail.poll_cold to at least tail.poll_hot.',
  },
  {
    wrong: 'a hash without a salt',
    env: { PROJECTS_LABEL: 'hash' },
    message: 'CLAUDE_USAGE_EXPORTER_PROJECTS_LABEL: without a salt, anybody can find the names by hashing likely ones',
    fix: 'Set projects.salt to some random text and keep it: a new salt gives every project a new label.',
  },
  {
    wrong: 'two prices from the same day',
    yaml: 'pricing:\n  overrides:\n    - {model: m, input: 1, output: 1}\n    - {model: m, input: 2, output: 2}',
    message: '/etc/exporter.yml:3:5: pricing.overrides: two prices for m since ever',
    fix: 'Give every price its own first day.',
  },
]

describe('a configuration with one mistake', () => {
  it.each(CASES)('$wrong', async ({ wrong: _, message, fix, ...given }) => {
    expect(await refusal(given)).toEqual({ message, fix })
  })
})

describe('a configuration with several mistakes', () => {
  it('names all of them, from every place, overruled ones and broken rules included', async () => {
    const { message, fix } = await refusal({
      yaml: 'log:\n  level: loud\n  colour: red\ntail: {hold_limit: 1s}',
      env: { LOG_LEVEL: 'quiet', WEB_LISTEN_ADDRESS: '0.0.0.0:1' },
      flags: { 'log.level': 'info', 'log.format': 'xml' },
    })
    expect(message.split('\n  ')).toEqual([
      '6 problems:',
      '--log.format: expected one of logfmt, json (got "xml")',
      'CLAUDE_USAGE_EXPORTER_LOG_LEVEL: expected one of debug, info, warn, error (got "quiet")',
      '/etc/exporter.yml:2:10: log.level: expected one of debug, info, warn, error (got "loud")',
      '/etc/exporter.yml:3:3: log.colour: unknown setting',
      'CLAUDE_USAGE_EXPORTER_WEB_LISTEN_ADDRESS: other machines can reach this address, and anybody there could read what you spend',
      '/etc/exporter.yml:4:20: tail.hold_limit: shorter than tail.quiet_time',
    ])
    expect(fix?.split('\n')).toHaveLength(2)
  })

  it('says nothing about a rule whose settings cannot be read', async () => {
    const { message } = await refusal({
      env: { WEB_ALLOW_UNPROTECTED: 'yes' },
      flags: { 'web.listen_address': [':1'] },
    })
    expect(message).toBe('CLAUDE_USAGE_EXPORTER_WEB_ALLOW_UNPROTECTED: expected true or false (got "yes")')
  })

  it('shows at most 25, and how many more', async () => {
    const { message } = await refusal({ yaml: Array.from({ length: 30 }, (_, index) => `zzz${index}: 1`).join('\n') })
    expect(message.split('\n')).toHaveLength(27)
    expect(message.split('\n').at(-1)).toBe('  and 5 more')
  })

  it('keeps text from outside on its line', async () => {
    const { message } = await refusal({ yaml: '"a\\nb\\e[31m": 1' })
    expect(message).toBe('/etc/exporter.yml:1:1: a\\u000ab\\u001b[31m: unknown setting')
  })
})
