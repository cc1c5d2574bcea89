import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exampleLines } from '../support/examples.ts'
import { type FakeIoOptions, runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE } from '../support/sample.ts'

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
