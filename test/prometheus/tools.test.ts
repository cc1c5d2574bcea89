import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isInstalled } from '../support/binaries.ts'
import { tempFolder } from '../support/temp.ts'
import { prometheusFile, readPrometheusFile, unitTestFiles } from './rule-files.ts'

const run = promisify(execFile)
const ALERTMANAGER = prometheusFile('alertmanager.yml')

describe.runIf(isInstalled('promtool'))('promtool', () => {
  it.each(['recording.yml', 'alerts.yml'])('has nothing to say about rules/%s', async (file) => {
    const { stdout } = await run('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', rules(file)])
    expect(stdout).toMatch(/SUCCESS: [1-9]\d* rules found/)
  })

  it('accepts prometheus.yml and finds its rules', async () => {
    const { stdout } = await run('promtool', ['check', 'config', prometheusFile('prometheus.yml')])
    expect(stdout).toContain('SUCCESS: 2 rule files found')
  })

  it.concurrent.each(unitTestFiles)('rules/tests/%s', async (file) => {
    const { stdout } = await run('promtool', ['test', 'rules', rules(`tests/${file}`)]).catch((error) => error)
    expect(stdout).toMatch(/^Unit Testing: .*\n\s*SUCCESS\s*$/)
  })
})

describe.runIf(isInstalled('amtool'))('amtool', () => {
  it('accepts alertmanager.yml', async () => {
    const { stdout } = await run('amtool', ['check-config', ALERTMANAGER])
    expect(stdout).toContain('SUCCESS')
  })

  it('accepts every example in it', async () => {
    const file = join(tempFolder(), 'alertmanager.yml')
    const text = withExamples(readPrometheusFile('alertmanager.yml'))
    expect(text).toMatch(/^ {4}slack_configs:\n {6}- api_url_file: /m)
    writeFileSync(file, text)
    const { stdout } = await run('amtool', ['check-config', file])
    expect(stdout).toContain('SUCCESS')
    for (const kind of ['webhook', 'slack', 'email', 'pagerduty'])
      expect(text).toMatch(new RegExp(`^ {4}${kind}_configs:`, 'm'))
  })

  it.each([
    { labels: ['alertname=ClaudeBudgetExceeded', 'severity=critical'], receiver: 'page' },
    { labels: ['alertname=ClaudeBudgetNearLimit', 'severity=warning'], receiver: 'notice' },
    { labels: ['alertname=ClaudeSourceSilent', 'severity=info'], receiver: 'later' },
    { labels: ['alertname=SomebodyElses'], receiver: 'later' },
  ])('sends $labels to $receiver', async ({ labels, receiver }) => {
    const { stdout } = await run('amtool', ['config', 'routes', 'test', `--config.file=${ALERTMANAGER}`, ...labels])
    expect(stdout.trim()).toBe(receiver)
  })
})

/** Takes the "#" away from the lines of the examples. Words have one space behind it, lines of an example none or more. */
function withExamples(text: string): string {
  return text.replaceAll(/^( *)#(?=\S| {2,})/gm, '$1')
}

function rules(name: string): string {
  return prometheusFile(`rules/${name}`)
}
