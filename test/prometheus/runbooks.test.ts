import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { ALERT_GROUPS, RECORDING_GROUPS } from '../../src/alerts/catalogue.ts'
import { DASHBOARDS } from '../../src/alerts/rule.ts'
import { createProgram } from '../../src/cli/program.ts'
import { loadConfig } from '../../src/config/load.ts'
import { allSettings, settings } from '../../src/config/settings.ts'
import { definitions } from '../../src/metrics/definitions.ts'
import { healthDefinitions } from '../../src/metrics/health-definitions.ts'
import { fakeIo } from '../cli/support/fake-io.ts'
import { isInstalled } from '../support/binaries.ts'
import { tempFolder } from '../support/temp.ts'

const PROMTOOL = 'promtool'
const FOLDER = join(import.meta.dirname, '../../prometheus/runbooks')

const HEADINGS = [
  'What it means',
  'What it costs to ignore',
  'Is it true',
  'Likely causes',
  'What to do',
  'When it clears',
  'How to silence it or change the limit',
  'Related alerts',
]

const files = readdirSync(FOLDER)
const pages = files
  .filter((file) => file !== 'README.md')
  .map((file) => ({ name: file.replace(/\.md$/, ''), text: readFileSync(join(FOLDER, file), 'utf8') }))

describe('runbooks', () => {
  it('are one page for each alert, and no more', () => {
    const alerts = ALERT_GROUPS.flatMap((group) => group.rules.map(({ alert }) => alert))
    expect(pages.map(({ name }) => name).sort()).toEqual([...new Set(alerts)].sort())
  })

  it('are all in the index', () => {
    const linked = linksOf(readFileSync(join(FOLDER, 'README.md'), 'utf8'))
    expect([...linked].sort()).toEqual(pages.map(({ name }) => `${name}.md`).sort())
  })

  it.each(pages)('$name has every heading, in order, with something below', ({ name, text }) => {
    expect(text.split('\n')[0]).toBe(`# ${name}`)
    const parts = text.split(/^## /m).slice(1)
    expect(parts.map((part) => part.split('\n')[0])).toEqual(HEADINGS)
    for (const part of parts) expect(part.split('\n').slice(1).join('').trim()).not.toBe('')
  })

  it.each(pages)('$name links to the dashboard of its alert', ({ name, text }) => {
    const rule = ALERT_GROUPS.flatMap(({ rules }) => rules).find(({ alert }) => alert === name)
    expect(sectionOf(text, 'Is it true')).toContain(`/d/${rule && DASHBOARDS[rule.dashboard]})`)
  })

  it.each(pages)('$name says what to do now, soon and later', ({ text }) => {
    expect(sectionOf(text, 'What to do').match(/^\*\*(\w+)\.\*\*/gm)).toEqual(['**Now.**', '**Soon.**', '**Later.**'])
  })

  it.each(pages)('$name has queries over families that exist', ({ text }) => {
    const known = new Set([...familyNames(), ...recordedNames(), 'up', 'process_start_time_seconds'])
    expect(blocksOf(sectionOf(text, 'Is it true'), 'promql').length).toBeGreaterThanOrEqual(2)
    expect(metricsIn(queriesOf(text)).filter((metric) => !known.has(metric))).toEqual([])
  })

  it.each(pages)('$name names commands and flags that exist', ({ text }) => {
    const lines = commandLinesOf(text)
    const program = createProgram(fakeIo(), () => {})
    expect(lines.flatMap((line) => unknownWords(program, line))).toEqual([])
  })

  it.each(pages)('$name names settings that exist', ({ text }) => {
    const known = new Set(allSettings.map(({ path }) => path))
    expect(settingsIn(text).filter((path) => !known.has(path))).toEqual([])
  })

  it.each(pages)('$name links to pages that exist, and to at least two others', ({ name, text }) => {
    const missing = [...linksOf(text)].filter((link) => !files.includes(link))
    expect(missing).toEqual([])
    const related = linksOf(sectionOf(text, 'Related alerts'))
    related.delete(`${name}.md`)
    expect(related.size).toBeGreaterThanOrEqual(2)
  })

  it('show configuration that is accepted', async () => {
    const examples = pages.flatMap(({ name, text }) => blocksOf(text, 'yaml').map((yaml) => ({ name, yaml })))
    expect(examples.length).toBeGreaterThan(0)
    for (const { name, yaml } of examples) {
      const { host } = fakeIo()
      const path = join(host.workingFolder, `${name}.yml`)
      writeFileSync(path, yaml)
      const flags = new Map([['config.file', path]])
      expect((await loadConfig({ ...host, flags })).file).toBe(path)
    }
  })

  it.skipIf(!isInstalled(PROMTOOL))('have queries that Prometheus can parse', () => {
    const path = join(tempFolder(), 'queries.json')
    const rules = pages.flatMap(({ name, text }) =>
      queriesOf(text).map((expr, index) => ({ record: `runbook:${name}:query${index}`, expr })),
    )
    writeFileSync(path, JSON.stringify({ groups: [{ name: 'runbooks', rules }] }))
    const said = execFileSync(PROMTOOL, ['check', 'rules', path], { encoding: 'utf8' })
    expect(said).toContain(`SUCCESS: ${rules.length} rules found`)
  })
})

function sectionOf(text: string, heading: string): string {
  return text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
}

function blocksOf(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, body = '']) =>
    name === language ? [body] : [],
  )
}

/** Every line of a block is a query of its own. */
function queriesOf(text: string): readonly string[] {
  return blocksOf(text, 'promql').flatMap((block) => block.split('\n').filter(Boolean))
}

function metricsIn(queries: readonly string[]): readonly string[] {
  const bare = queries.map((query) => query.replace(/"[^"]*"/g, ''))
  return bare.flatMap((query) => query.match(/\b[\w:]*claude_[\w:]+|\bup\b|\bprocess_\w+/g) ?? [])
}

function familyNames(): readonly string[] {
  const health = Object.values(healthDefinitions).map(({ name }) => name)
  return [...definitions.map(({ name }) => name), ...health]
}

function recordedNames(): readonly string[] {
  return RECORDING_GROUPS.flatMap((group) => group.rules.map(({ record }) => record))
}

/** Lines of shell blocks and code within a sentence that run this program, without its name. */
function commandLinesOf(text: string): readonly string[] {
  const shell = blocksOf(text, 'sh').flatMap((block) => block.split('\n'))
  const inline = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  return [...shell, ...inline].flatMap((line) => {
    const [, rest] = /^claude-usage-exporter( .*|$)/.exec(line.trim()) ?? []
    return rest === undefined ? [] : [rest.trim()]
  })
}

/** Commands and options of a line that the program does not have. */
function unknownWords(program: Command, line: string): readonly string[] {
  let command = program
  const unknown: string[] = []
  for (const word of line.split(/\s+/).filter(Boolean)) {
    const inner = command.commands.find((one) => one.name() === word || one.aliases().includes(word))
    if (inner) command = inner
    else if (word.startsWith('--') && ![...command.options, ...program.options].some(({ long }) => long === word)) {
      unknown.push(`${line}: ${word}`)
    } else if (command === program && !word.startsWith('-')) unknown.push(`${line}: ${word}`)
  }
  return unknown
}

/** Settings in code, by their groups: `alerts.sync_stale` or `admin_api.cost.enabled: false`. */
function settingsIn(text: string): readonly string[] {
  const groups = Object.keys(settings).join('|')
  const pattern = new RegExp(`\`((?:${groups})(?:\\.[a-z_0-9]+)+)(?::[^\`]*)?\``, 'g')
  return [...text.matchAll(pattern)].map(([, path = '']) => path)
}

function linksOf(text: string): Set<string> {
  return new Set([...text.matchAll(/\]\((\w+\.md)\)/g)].map(([, link = '']) => link))
}
