import { describe, expect, it } from 'vitest'
import { printConfig } from '../../src/config/print.ts'
import { reportsOf } from '../../src/config/reports.ts'
import { loadFrom, refusal } from './load-from.ts'

describe('reports', () => {
  it('are none unless configured', async () => {
    expect(reportsOf((await loadFrom({})).config)).toEqual([])
  })

  it('have paths from the folder of the configuration, and schedules in a zone', async () => {
    const loaded = await loadFrom({
      yaml: `time_zone: Europe/Berlin
reports:
  - {format: html, output: out/usage.html, every: 1h30m}
  - {format: markdown, output: ~/usage.md, cron: ["0 8 * * *", "0 18 * * *"], time_zone: America/Los_Angeles}
  - {format: json, output: /var/usage.json, cron: ["@daily"]}
  - {format: section, output: STATUS.md}
`,
    })
    expect(reportsOf(loaded.config)).toEqual([
      { format: 'html', output: '/etc/out/usage.html', everyMs: 5_400_000, cron: [], timeZone: 'Europe/Berlin' },
      {
        format: 'markdown',
        output: '/home/ada/usage.md',
        everyMs: null,
        cron: ['0 8 * * *', '0 18 * * *'],
        timeZone: 'America/Los_Angeles',
      },
      { format: 'json', output: '/var/usage.json', everyMs: null, cron: ['@daily'], timeZone: 'Europe/Berlin' },
      { format: 'section', output: '/etc/STATUS.md', everyMs: null, cron: [], timeZone: 'Europe/Berlin' },
    ])
    // What is printed can be loaded again.
    const again = await loadFrom({ yaml: printConfig(loaded) })
    expect(reportsOf(again.config)).toEqual(reportsOf(loaded.config))
  })

  it.each([
    '/home/ada/.local/share/claude-usage-exporter/usage.html',
    '/home/ada/.local/share/claude-usage-exporterledger.sqlite',
  ])('may stand beside the ledger: %s', async (output) => {
    const { config } = await loadFrom({ yaml: `reports: [{format: html, output: ${output}}]\n` })
    expect(reportsOf(config)[0]?.output).toBe(output)
  })

  it('can stand in the environment as JSON, with paths from the working folder', async () => {
    const { config } = await loadFrom({ env: { REPORTS: '[{"format":"status","output":"s.json","every":"5m"}]' } })
    expect(reportsOf(config)[0]).toMatchObject({ format: 'status', output: '/srv/current/s.json', everyMs: 300_000 })
  })

  it.each([
    [
      'a format there is not',
      '{format: pdf, output: a.pdf}',
      '/etc/exporter.yml:2:14: reports[0].format: expected one of html, markdown, json, status, section (got "pdf")',
    ],
    [
      'no output',
      '{format: html}',
      '/etc/exporter.yml:2:5: reports[0].output: missing; expected the path of a file to write, such as reports/usage.html',
    ],
    [
      'a folder as output',
      '{format: html, output: out/}',
      '/etc/exporter.yml:2:28: reports[0].output: expected the path of a file to write, such as reports/usage.html (got "out/")',
    ],
    [
      'standard output',
      '{format: html, output: "-"}',
      '/etc/exporter.yml:2:28: reports[0].output: expected the path of a file to write, such as reports/usage.html (got "-")',
    ],
    [
      'an interval that is too short',
      '{format: html, output: a, every: 10s}',
      '/etc/exporter.yml:2:38: reports[0].every: expected a duration from 1m to 366d, such as 15m, 1h or 1d (got "10s")',
    ],
    [
      'a cron expression as text',
      '{format: html, output: a, cron: "0 8 * * *"}',
      '/etc/exporter.yml:2:37: reports[0].cron: expected a list of cron expressions of five fields (minute hour day month weekday), such as ["0 8 * * *"] (got "0 8 * * *")',
    ],
    [
      'no cron expression',
      '{format: html, output: a, cron: []}',
      '/etc/exporter.yml:2:37: reports[0].cron: expected a list of cron expressions of five fields (minute hour day month weekday), such as ["0 8 * * *"] (got [])',
    ],
    [
      'a zone there is not',
      '{format: html, output: a, cron: ["@daily"], time_zone: Mars/Base}',
      '/etc/exporter.yml:2:60: reports[0].time_zone: expected an IANA time zone such as Europe/Berlin or UTC (got "Mars/Base")',
    ],
    [
      'a key there is not',
      '{format: html, output: a, evry: 1h}',
      '/etc/exporter.yml:2:31: reports[0].evry: unknown key; did you mean every?',
    ],
  ])('are refused with %s', async (_, entry, message) => {
    expect((await refusal({ yaml: `reports:\n  - ${entry}\n` })).message).toBe(message)
  })

  it.each([
    [
      'every and cron',
      ['{format: html, output: a, every: 1h, cron: ["@daily"]}'],
      'a report has every as well as cron',
      'Keep one of every and cron',
    ],
    [
      'a zone without cron',
      ['{format: html, output: a, every: 1h, time_zone: UTC}'],
      'the time_zone of a report is that of its cron expressions',
      'Give the report cron',
    ],
    [
      'one file for two, however it is written',
      ['{format: html, output: out/a}', '{format: json, output: ./out/../out/a}'],
      'another report (/etc/exporter.yml:2:28: reports[0].output) is written to the same file',
      'Give every report a file of its own.',
    ],
    [
      'the ledger as output',
      ['{format: json, output: /home/ada/.local/share/claude-usage-exporter/ledger.sqlite}'],
      'a report would take the place of the ledger',
      'in another folder than storage.path',
    ],
  ])('are refused with %s', async (_, entries, message, fix) => {
    const refused = await refusal({ yaml: `reports:\n${entries.map((entry) => `  - ${entry}\n`).join('')}` })
    expect(refused.message).toContain(message)
    expect(refused.fix).toContain(fix)
  })
})
