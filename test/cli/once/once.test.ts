import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempLedger } from '../../support/temp.ts'
import { claudeHome } from '../support/claude-home.ts'
import { exampleLines } from '../support/examples.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'

const TIME = Date.parse('2026-05-04T10:00:00Z')
const LINES = [
  { id: '1', output: 500, time: TIME },
  { id: '2', output: 700, time: TIME + 60_000 },
]
const ALL = `reports:
  - {format: html, output: usage.html}
  - {format: markdown, output: usage.md, every: 1h}
  - {format: json, output: usage.json}
  - {format: status, output: status.json}
  - {format: section, output: STATUS.md}
`

function home(yaml: string): string {
  const folder = claudeHome(LINES)
  writeFileSync(join(folder, 'claude-usage-exporter.yml'), yaml)
  writeFileSync(join(folder, 'STATUS.md'), '# Status\n')
  return folder
}

const COMMAND = 'once --config.file claude-usage-exporter.yml'

describe('once', () => {
  it('reads the logs, writes every report and tells of each step', async () => {
    const folder = home(ALL)
    const { out, err, exitCode } = await runLine(COMMAND, { home: folder })
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
    const told = out
      .replace(/\d+\.\d\d s/g, 'N s')
      .replace(/[\d.]+ k?B/g, 'N B')
      .replaceAll(`${folder}/`, '')
    expect(told.split('\n').map((line) => line.trimEnd().replace(/ +/g, ' '))).toEqual([
      'read logs N s ok claude-code: 2 new responses, N B read',
      'read logs N s ok openclaw: no logs found',
      'read logs N s ok pi: no logs found',
      expect.stringMatching(/^gather figures N s ok ledger: 0 budgets \(worst: ok\), \d alerts, \d pieces of advice$/),
      'write html N s ok usage.html: N B',
      'write markdown N s ok usage.md: N B',
      'write json N s ok usage.json: N B',
      'write status N s ok status.json: N B',
      'write section N s ok STATUS.md: N B',
      'Done in N s: 9 steps, all went well.',
      '',
    ])
    const status = JSON.parse(readFileSync(join(folder, 'status.json'), 'utf8'))
    const usage = JSON.parse(readFileSync(join(folder, 'usage.json'), 'utf8'))
    expect(status.monthToDate.tokens.output).toBe(1_200)
    expect(usage.claudeUsage.monthlyTokens).toBe(status.monthToDate.tokens.total)
    expect(readFileSync(join(folder, 'STATUS.md'), 'utf8')).toContain(
      '# Status\n\n<!-- claude-usage-exporter:begin -->',
    )
  })

  it('does the other steps where one fails, says what to do, and ends with 1', async () => {
    const folder = home(ALL)
    mkdirSync(join(folder, 'usage.md'))
    writeFileSync(join(folder, 'STATUS.md'), '<!-- claude-usage-exporter:begin -->\n')
    const { out, exitCode } = await runLine(COMMAND, { home: folder })
    expect(exitCode).toBe(1)
    expect(out).toMatch(/write markdown +\d.\d\d s {2}failed {2}.*There is something else than a file under this name/)
    expect(out).toContain('\n  Give the name of a file, or - for standard output.\n')
    expect(out).toMatch(/write section +\d.\d\d s {2}failed {2}.*Only one of the two marks/)
    expect(out).toMatch(/write status +\d.\d\d s {2}ok/)
    expect(out).toMatch(/Done in \d+\.\d\d s: 9 steps, 2 failed\.\n$/)
    expect(readFileSync(join(folder, 'usage.json'), 'utf8')).toContain('claudeUsage')
  })

  it('prints one JSON document with the figures of every step', async () => {
    const folder = home('reports: [{format: json, output: usage.json}]\n')
    const { out } = await runLine(`${COMMAND} --json`, { home: folder })
    const document = JSON.parse(out)
    expect(document).toMatchObject({
      schemaVersion: 1,
      command: 'once',
      exporterRunning: false,
      result: 'ok',
      ledger: ledgerPathIn(folder),
    })
    expect(document.steps[0]).toMatchObject({ step: 'read logs', about: 'claude-code', result: 'ok', responses: 2 })
    expect(document.steps.at(-1)).toMatchObject({ step: 'write json', format: 'json', changed: true, fix: null })
  })

  it('reads nothing beside a running exporter, and writes from its ledger', async () => {
    const folder = home('reports: [{format: status, output: status.json}]\n')
    mkdirSync(join(ledgerPathIn(folder), '..'), { recursive: true })
    const ledger = tempLedger(ledgerPathIn(folder))
    try {
      const { out, exitCode } = await runLine(COMMAND, { home: folder })
      expect(exitCode).toBe(0)
      expect(out).toMatch(/^An exporter is running and reads logs and organisations itself/)
      expect(out).not.toContain('read logs ')
      expect(JSON.parse(readFileSync(join(folder, 'status.json'), 'utf8')).document).toBe('status')
    } finally {
      await ledger.close()
    }
  })

  it('says so where no report is configured', async () => {
    const { out, exitCode } = await runLine(COMMAND, { home: home('log: {level: warn}\n') })
    expect(exitCode).toBe(0)
    expect(out).toContain('No report is configured')
    expect(out).toMatch(/Done in .*: 3 steps, all went well\.\n$/)
  })

  it('tells of an organisation that cannot be read, without its key', async () => {
    const folder = home(
      'admin_api: {base_url: "http://127.0.0.1:1", retries: 0}\nreports: [{format: json, output: usage.json}]\n',
    )
    const key = 'sk-ant-admin01-secret'
    const { out, err, exitCode } = await runLine(COMMAND, { home: folder, env: { ANTHROPIC_ADMIN_KEY: key } })
    expect(exitCode).toBe(1)
    expect(out).toMatch(/read organisation +\d+\.\d\d s {2}failed {2}\S+: network: /)
    expect(out).toMatch(/write json +\d.\d\d s {2}ok/)
    expect(out + err).not.toContain('secret')
  })

  it('refuses a wrong configuration before it does anything', async () => {
    const { out, err, exitCode } = await runLine(COMMAND, { home: home('reports: [{format: pdf, output: a}]\n') })
    expect({ out, exitCode }).toEqual({ out: '', exitCode: 2 })
    expect(err).toContain('reports[0].format')
  })

  it('has examples that work', async () => {
    const lines = await exampleLines('once')
    expect(lines.length).toBeGreaterThan(2)
    const folder = home(ALL)
    for (const line of lines) {
      const { exitCode, err } = await runLine(line, { home: folder })
      expect({ line, exitCode, err }).toEqual({ line, exitCode: 0, err: '' })
    }
  })
})
