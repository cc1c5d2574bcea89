import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockLedger } from '../../../src/ledger/sqlite/lock.ts'
import { claudeLine } from '../../support/claude-line.ts'
import { writeClaudeLog } from '../support/claude-home.ts'
import { exampleLines } from '../support/examples.ts'
import { type FakeIoOptions, ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE } from '../support/sample.ts'

/** What the clock of a command shows unless told otherwise. */
const NOW = Date.parse('2026-05-04T15:31:00Z')

async function inHome(line: string, files: Readonly<Record<string, string>> = {}, options: FakeIoOptions = {}) {
  const home = options.home ?? (await homeWith(SAMPLE))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text)
  const ran = await runLine(line, { ...options, home })
  return { ...ran, home, read: (name: string) => readFileSync(join(home, name), 'utf8') }
}

describe('report', () => {
  it('prints the report to read unless told otherwise', async () => {
    const { out, err, exitCode } = await inHome('report')
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
    expect(out).toMatch(/^# Claude usage report, 4 May 2026\n/)
    expect(out).toContain('(Europe/Berlin).')
    expect(out).toContain('`blog`')
  })

  it.each([
    ['--format html', /^<!doctype html>/i],
    ['--format json', /^\{\n {2}"timestamp": "2026-05-04T17:31:00\+02:00",\n {2}"claudeUsage"/],
    ['--format status --output -', /^\{\n {2}"schemaVersion": 1,\n {2}"document": "status"/],
  ])('prints %s', async (options, expected) => {
    const { out, err, exitCode } = await inHome(`report ${options}`)
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
    expect(out).toMatch(expected)
  })

  it('tells a widget of the older scripts what the summary tells', async () => {
    const { out, home } = await inHome('report --format json')
    const { claudeUsage } = JSON.parse(out)
    const summary = JSON.parse((await runLine('summary --json --no-sync', { home })).out)
    expect(claudeUsage.spendKind).toBe('estimated')
    const month = Object.entries(summary.windows).find(([name]) => /month/i.test(name))?.[1] as {
      estimatedCostUsd: number
      tokens: { total: number }
    }
    expect(claudeUsage.monthlySpend).toBe(month.estimatedCostUsd)
    expect(claudeUsage.monthlyTokens).toBe(month.tokens.total)
  })

  it.each([
    ['usage.html', /^<!doctype html>/i, 'html'],
    ['usage.md', /^# Claude usage report/, 'markdown'],
    ['usage.json', /"claudeUsage"/, 'json'],
    ['usage', /^# Claude usage report/, 'markdown'],
  ])('takes the format from the ending of %s, and replaces the file', async (name, expected, format) => {
    const { out, exitCode, read, home } = await inHome(`report --output ${name}`, { [name]: 'old\n' })
    expect(exitCode).toBe(0)
    expect(out).toMatch(new RegExp(`^Wrote ${join(home, name)}: ${format}, [\\d.]+ k?B\\.\n$`))
    expect(read(name)).toMatch(expected)
  })

  it('keeps a section up to date, and the rest of the file as it is', async () => {
    const file = '# Mine\r\n\r\n<!-- claude-usage-exporter:begin -->\r\n<!-- claude-usage-exporter:end -->\r\nEnd'
    const first = await inHome('report --update-section STATUS.md', { 'STATUS.md': file })
    expect(first.out).toBe(`Updated the section in ${join(first.home, 'STATUS.md')}.\n`)
    const text = first.read('STATUS.md')
    expect(text).toMatch(/^# Mine\r\n\r\n<!-- claude-usage-exporter:begin -->\r\n<!-- written /)
    expect(text.endsWith('\r\n<!-- claude-usage-exporter:end -->\r\nEnd')).toBe(true)
    const second = await inHome('report --update-section STATUS.md --no-sync', {}, { home: first.home })
    expect(second.exitCode).toBe(0)
    const third = await inHome('report --update-section STATUS.md --no-sync', {}, { home: first.home })
    expect(third.out).toBe(`The section is up to date in ${join(first.home, 'STATUS.md')}.\n`)
    expect(third.read('STATUS.md')).toBe(second.read('STATUS.md'))
  })

  it('changes nothing but the section where the ledger has changed, and keeps its place', async () => {
    const lines = [
      '# Status',
      '',
      'Claude usage-exporter:begin is no mark, nor is this: `<!-- claude-usage-exporter:end -->`',
      '',
    ]
    const marks = ['<!-- claude-usage-exporter:begin -->', '<!-- claude-usage-exporter:end -->']
    const [head, tail] = [`${lines.join('\n')}${marks[0]}\n`, `${marks[1]}\n\n## Mine\n\n| a |\n| - |\nlast line`]
    const { home, read } = await inHome('report --update-section STATUS.md', { 'STATUS.md': `${head}stale\n${tail}` })
    const first = read('STATUS.md')
    // The first time the logs were read; from then on nothing new is in them.
    for (const minutes of [1, 2]) {
      const now = NOW + minutes * 60_000
      expect((await inHome('report --update-section STATUS.md', {}, { home, now })).exitCode).toBe(0)
    }
    const second = read('STATUS.md')
    writeClaudeLog(home, claudeLine({ id: 'late', output: 123_456, time: NOW - 60_000 }))
    const changed = await inHome('report --update-section STATUS.md', {}, { home, now: NOW + 120_000 })
    expect(changed.out).toMatch(/^Updated the section in /)
    const third = read('STATUS.md')
    for (const text of [first, second, third]) {
      expect([text.slice(0, head.length), text.slice(-tail.length)]).toEqual([head, tail])
      expect(text.match(/^## Claude usage$/gm)).toHaveLength(1)
      expect(text).not.toContain('stale')
    }
    const figures = (text: string) => text.split('\n').filter((line) => /^\| (Estimated|Tokens|Requests)/.test(line))
    expect(figures(second)).toEqual(figures(first))
    expect(figures(third)).not.toEqual(figures(first))
  })

  it('writes a report and a section at once', async () => {
    const { out, err, read } = await inHome('report --output usage.md --update-section STATUS.md', {
      'STATUS.md': 'a\n',
    })
    expect(err).toBe('')
    expect(out.split('\n')).toHaveLength(3)
    expect(read('usage.md')).toContain('# Claude usage report')
    expect(read('STATUS.md')).toMatch(/^a\n\n<!-- claude-usage-exporter:begin -->\n/)
  })

  it('leaves standard output to the document', async () => {
    const { out, err } = await inHome('report --output - --update-section STATUS.md', { 'STATUS.md': '' })
    expect(out).toMatch(/^# Claude usage report/)
    expect(err).toMatch(/^Updated the section in /)
  })

  it.each([
    ['--format html --update-section S.md', 'A section is Markdown'],
    ['--output usage.html --update-section S.md', 'A section is Markdown'],
    ['--update-section -', '--update-section needs a file'],
    ['--output S.md --update-section ./S.md', 'name the same file'],
    ['--update-section none.md', 'no such file to keep a section in'],
    ['--output missing/usage.md', 'Make the folder first'],
    ['--output folder', 'something else than a file'],
  ])('refuses %s', async (options, message) => {
    const home = await homeWith(SAMPLE)
    mkdirSync(join(home, 'folder'))
    const { err, out, exitCode } = await inHome(`report ${options}`, { 'S.md': 'mine\n' }, { home })
    expect(err).toContain(message)
    expect({ out, exitCode }).toEqual({ out: '', exitCode: 2 })
    expect(readFileSync(join(home, 'S.md'), 'utf8')).toBe('mine\n')
  })

  it('writes no report where the section is refused', async () => {
    const { exitCode, home, read } = await inHome('report --output usage.md --update-section STATUS.md', {
      'STATUS.md': '<!-- claude-usage-exporter:end -->\n',
    })
    expect(exitCode).toBe(2)
    expect(existsSync(join(home, 'usage.md'))).toBe(false)
    expect(read('STATUS.md')).toBe('<!-- claude-usage-exporter:end -->\n')
  })

  it.each([
    [
      'in a running exporter by the clock',
      'usage.md',
      '{format: markdown, output: usage.md, cron: ["0 8 * * *"]}',
      true,
    ],
    ['in a running exporter at intervals', 'usage.md', '{format: markdown, output: usage.md, every: 1h}', false],
    [
      'in a running exporter to another file',
      'own.md',
      '{format: markdown, output: usage.md, cron: ["0 8 * * *"]}',
      false,
    ],
  ])('says when it is written again where it is written %s: %s', async (_, file, entry, isKnown) => {
    const home = await homeWith(SAMPLE)
    const unlock = lockLedger(ledgerPathIn(home))
    try {
      const yaml = `time_zone: UTC\nreports: [${entry}]\n`
      const { read, exitCode } = await inHome(
        `report --config.file c.yml --output ${file}`,
        { 'c.yml': yaml },
        { home },
      )
      expect(exitCode).toBe(0)
      const next = /Next report: \d{4}-\d\d-\d\d 08:00\.$/m
      if (isKnown) expect(read(file)).toMatch(next)
      else expect(read(file)).not.toContain('Next report')
    } finally {
      unlock()
    }
  })

  it('does not say when it is written again where no exporter runs', async () => {
    const yaml = 'reports: [{format: section, output: S.md, cron: ["0 8 * * *"]}]\n'
    const { read } = await inHome('report --config.file c.yml --update-section S.md', { 'c.yml': yaml, 'S.md': '' })
    expect(read('S.md')).toContain('Last update 2026-05-04 17:31 (Europe/Berlin). Estimated')
  })

  it('has examples that work', async () => {
    const lines = await exampleLines('report')
    expect(lines.length).toBeGreaterThan(3)
    const home = await homeWith(SAMPLE)
    for (const line of lines) {
      const { exitCode, err } = await inHome(line, { 'STATUS.md': '# Status\n' }, { home })
      expect({ line, exitCode, err }).toEqual({ line, exitCode: 0, err: '' })
    }
  })
})
