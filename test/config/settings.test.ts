import { describe, expect, it } from 'vitest'
import { settingsReference } from '../../src/config/reference.ts'
import { allSettings } from '../../src/config/settings.ts'

describe('the table of settings', () => {
  it('gives every setting a variable of its own', () => {
    const names = allSettings.map((row) => row.environmentName)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^CLAUDE_USAGE_EXPORTER_[A-Z0-9_]+$/)
  })

  it('gives every setting a sentence', () => {
    for (const { setting } of allSettings) expect(setting.about).toMatch(/^[A-Z`].*\.$/)
  })

  it('keeps secrets off the command line', () => {
    const secrets = allSettings.filter((row) => row.setting.secret)
    expect(secrets.filter((row) => row.flag !== null)).toEqual([])
    expect(secrets.map((row) => row.path)).toEqual([
      'storage.url',
      'storage.password',
      'admin_api.key',
      'notify.webhook_url',
      'remote_write.headers',
      'remote_write.bearer_token',
      'remote_write.basic_auth.password',
      'projects.salt',
    ])
  })
})

describe('the settings reference', () => {
  it('has one row per setting', () => {
    const lines = settingsReference().trimEnd().split('\n')
    expect(lines).toHaveLength(allSettings.length + 2)
    for (const line of lines) expect(line.match(/(?<!\\)\|/g)).toHaveLength(5)
  })

  it.each([
    '| `log.level` | `info` | Least important lines to log. (debug, info, warn, error) | `--log.level`<br>`CLAUDE_USAGE_EXPORTER_LOG_LEVEL` |',
    '| `alerts.sync_stale` | `2h` | Age of the last successful look at a source that is too old. (duration) | `--alerts.sync-stale`<br>`CLAUDE_USAGE_EXPORTER_ALERTS_SYNC_STALE` |',
    '| `admin_api.key` | none | Admin API key. Better in a file (`admin_api.key_file`) or in the environment than here. (text) | `CLAUDE_USAGE_EXPORTER_ADMIN_API_KEY`<br>`ANTHROPIC_ADMIN_KEY` |',
    "| `time_zone` | the machine's | Zone whose midnights begin days and months, everywhere. (time zone) | `--time-zone`<br>`CLAUDE_USAGE_EXPORTER_TIME_ZONE` |",
  ])('contains %s', (row) => {
    expect(settingsReference()).toContain(`\n${row}\n`)
  })
})
