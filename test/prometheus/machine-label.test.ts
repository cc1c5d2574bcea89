import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { definitions } from '../../src/metrics/definitions.ts'
import { isInstalled } from '../support/binaries.ts'
import { prometheusFile, readPrometheusFile, unitTestFiles } from './rule-files.ts'

const run = promisify(execFile)

/** Alerts that are about a series of a session family as it is, and so have its labels. */
const WITH_MACHINE = ['ClaudeRunawaySession', 'ClaudeUnattendedSession']

interface RuleTests {
  rule_files: string[]
  tests: {
    input_series?: { series: string }[]
    alert_rule_test?: { alertname: string; exp_alerts?: { exp_labels: Record<string, string> }[] }[]
  }[]
}

const withMachine = new Set(
  definitions
    .filter(({ name, labels }) => labels.includes('machine') && !name.startsWith('claude_exporter_'))
    .map(({ name }) => name),
)
const labeled = unitTestFiles
  .filter((file) => !file.startsWith('machines'))
  .map((file) => ({ file, ...withLabel(readPrometheusFile(`rules/tests/${file}`)) }))
  .filter(({ changed }) => changed > 0)

describe('rules over series with a machine', () => {
  // Of all tests: they run at the same time, and the end of one must take nothing from the others.
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'claude-usage-exporter-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('are tested for runaways, caches and what happens when the exporter is gone', () => {
    const files = labeled.map(({ file }) => file)
    expect(files).toEqual(expect.arrayContaining(['cache.yml', 'runaways.yml', 'runaways-exporter-gone.yml']))
  })

  it.runIf(isInstalled('promtool')).concurrent.each(labeled)(
    'say what they say without: $file',
    async ({ file, text }) => {
      const path = join(folder, file)
      writeFileSync(path, text)
      const { stdout, stderr } = await run('promtool', ['test', 'rules', path]).catch((error) => error)
      expect(`${stderr}${stdout}`).toMatch(/SUCCESS\s*$/)
    },
  )
})

/** The same tests with another label on every series of a session family that has none yet. */
function withLabel(text: string): { readonly text: string; readonly changed: number } {
  const document = parse(text) as RuleTests
  let changed = 0
  document.rule_files = ['recording.yml', 'alerts.yml'].map((name) => prometheusFile(`rules/${name}`))
  for (const { input_series: series = [], alert_rule_test: alerts = [] } of document.tests) {
    for (const one of series) {
      const [name = ''] = one.series.split('{')
      if (!withMachine.has(name) || /[{,]machine=/.test(one.series)) continue
      one.series = one.series.replace(/\}$/, ',machine="laptop"}')
      changed += 1
    }
    for (const { alertname, exp_alerts: expected = [] } of alerts) {
      if (!WITH_MACHINE.includes(alertname)) continue
      for (const { exp_labels: labels } of expected) labels['machine'] = 'laptop'
    }
  }
  return { text: stringify(document), changed }
}
