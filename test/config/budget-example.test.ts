import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { alertThresholdsOf, budgetsOf, topUpsOf } from '../../src/config/budgets.ts'
import { notifySettingsOf } from '../../src/config/notify.ts'
import { allSettings } from '../../src/config/settings.ts'
import { DEFAULT_THRESHOLDS } from '../../src/core/alert-thresholds.ts'
import { loadFrom } from './load-from.ts'

const EXAMPLE = readFileSync(new URL('../../claude-usage-exporter.example.yml', import.meta.url), 'utf8')

/** The file as its first lines tell to use it, with every setting turned on. */
const TURNED_ON = EXAMPLE.replace(/^( *)#(?=\S)/gm, '$1')

/** Other ways to give the same, only named in its text. */
const ALTERNATIVES = [
  'storage.password',
  'admin_api.key',
  'admin_api.token_file',
  'admin_api.profile',
  'notify.webhook_url',
  'remote_write.bearer_token',
  'remote_write.basic_auth.username',
  'remote_write.basic_auth.password',
  'remote_write.basic_auth.password_file',
]

/** Settings whose value is an example because their default is nothing, or the machine's. */
const EXAMPLES = [
  'time_zone',
  'budgets',
  'balance.top_ups',
  'notify.webhook_url_file',
  'sources.openclaw.roots',
  'admin_api.key_file',
  'admin_api.organizations',
  'projects.aliases',
  'projects.salt',
  'pricing.aliases',
  'pricing.overrides',
  'web.allowed_hosts',
  'web.config_file',
  'reports',
  'owners',
  'storage.url',
  'storage.password_file',
  'storage.tls.ca_file',
  'storage.tls.cert_file',
  'storage.tls.key_file',
  'machine.name',
  'remote_write.url',
  'remote_write.bearer_token_file',
  'remote_write.headers',
  'remote_write.external_labels',
  'remote_write.drop',
  'remote_write.tls.ca_file',
  'remote_write.tls.cert_file',
  'remote_write.tls.key_file',
]

describe('the example configuration', () => {
  it('changes nothing as it stands', async () => {
    const example = await loadFrom({ yaml: EXAMPLE })
    expect(example.config).toEqual((await loadFrom({})).config)
    expect(example.settings.filter(({ where }) => where !== null)).toEqual([])
  })

  it('names every setting, with its default where the text does not call it an example', async () => {
    const { settings } = await loadFrom({ yaml: TURNED_ON, timeZone: 'Asia/Tokyo' })
    const missing = settings.filter(({ where }) => where === null).map(({ path }) => path)
    expect(missing).toEqual(ALTERNATIVES)
    for (const path of ALTERNATIVES) expect(EXAMPLE).toContain(path.slice(path.indexOf('.') + 1))

    const defaults = new Map((await loadFrom({ timeZone: 'Asia/Tokyo' })).settings.map((row) => [row.path, row.value]))
    const changed = settings.filter(({ path, value }) => JSON.stringify(value) !== JSON.stringify(defaults.get(path)))
    expect(changed.map(({ path }) => path).sort()).toEqual([...EXAMPLES].sort())
    expect(allSettings.map(({ path }) => path)).toEqual(expect.arrayContaining(EXAMPLES))
  })

  it('begins with the starter set of budgets', async () => {
    const { config } = await loadFrom({ yaml: TURNED_ON })
    const starters = budgetsOf(config).slice(0, 5)
    expect(starters.map(({ name, basis, limit, period, scope }) => [name, basis, limit, period.kind, scope])).toEqual([
      ['daily', 'estimated_cost', 10_000_000_000_000n, 'day', {}],
      ['weekly-tokens', 'session_tokens', 1_000_000n, 'week', {}],
      ['monthly', 'estimated_cost', 200_000_000_000_000n, 'month', {}],
      ['agent-reviewer', 'estimated_cost', 50_000_000_000_000n, 'month', { agent: ['reviewer'] }],
      ['project-shop', 'session_tokens', 300_000n, 'day', { project: ['shop'] }],
    ])
  })

  it('shows a limit that changes, without a gap', async () => {
    const { config } = await loadFrom({ yaml: TURNED_ON })
    const [before, after, ...others] = budgetsOf(config).filter(({ name }) => name === 'team')
    expect(others).toEqual([])
    expect([before?.limit, after?.limit]).toEqual([400_000_000_000_000n, 600_000_000_000_000n])
    expect([before?.until, after?.since]).toEqual([Date.parse('2026-06-30T22:00Z'), Date.parse('2026-06-30T22:00Z')])
  })

  it('shows every key of a budget', async () => {
    const { config } = await loadFrom({ yaml: TURNED_ON })
    const keys = new Set(config.budgets.flatMap((entry) => Object.keys(entry)))
    expect([...keys].sort()).toEqual([
      'basis',
      'billing_day',
      'enabled',
      'limit_tokens',
      'limit_usd',
      'max_data_age',
      'name',
      'owner',
      'period',
      'scope',
      'severity',
      'since',
      'thresholds',
      'time_zone',
      'token_types',
      'until',
      'week_starts_on',
    ])
  })

  it('gives the alert thresholds as shipped, a balance and a webhook', async () => {
    const { config } = await loadFrom({ yaml: TURNED_ON })
    expect(alertThresholdsOf(config)).toEqual(DEFAULT_THRESHOLDS)
    expect(topUpsOf(config)).toEqual([
      { organization: 'default', day: Date.parse('2026-05-01'), pico: 500_000_000_000_000n },
      { organization: 'default', day: Date.parse('2026-06-12'), pico: -20_500_000_000_000n },
    ])
    expect(notifySettingsOf(config)).toEqual({
      url: null,
      urlFile: '/home/ada/.config/claude-usage-exporter/webhook-url',
      format: 'json',
    })
  })
})
