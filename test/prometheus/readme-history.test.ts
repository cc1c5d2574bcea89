import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isInstalled } from '../support/binaries.ts'
import { claudeLine } from '../support/claude-line.ts'
import { eventually } from '../support/exporter.ts'
import { tempFolder } from '../support/temp.ts'
import { prometheusFile } from './rule-files.ts'
import { startDocumented } from './support/documented-prometheus.ts'
import { blocksOf, yamlUnder } from './support/fenced-blocks.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const BEFORE = 'Months before the first scrape'
const LATER = 'When it scrapes already'

const blocks = blocksOf('prometheus/README.md')

/** The commands under a heading of the page, of which the one with this word is meant. */
function commandWith(word: string, under = BEFORE): string {
  const found = blocks.find(({ heading, text }) => heading === under && text.includes(word))
  if (found === undefined) throw new Error(`no commands with ${word}`)
  return found.text
}

function minute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`
}

it.runIf(isInstalled('prometheus') && isInstalled('promtool'))(
  'the documented commands bring the past into a Prometheus',
  { timeout: 180_000 },
  async () => {
    const folder = tempFolder()
    const data = join(folder, 'tsdb')
    // Whole days ago, so that the rules have all of it behind them.
    const end = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS
    writeLog(
      folder,
      Array.from({ length: 48 }, (_, n) => end - 50 * HOUR_MS + n * HOUR_MS + 60_000),
    )
    const shell = await shellIn(folder)

    await shell(commandWith('backfill --output'))
    mkdirSync(data)
    await shell(commandWith('create-blocks-from openmetrics').replaceAll('/var/lib/prometheus/metrics2/', data))

    const config = yamlUnder('prometheus/README.md', 'A Prometheus of your own')
    const retention = ['--storage.tsdb.retention.time=400d']
    let prometheus = await startDocumented(folder, config, retention)
    onTestFinished(() => prometheus.kill())
    const there = 'sum by (job, instance) (claude_requests_total)'
    expect(await prometheus.query(there, end / 1000)).toEqual([
      { labels: { job: 'claude-usage-exporter', instance: 'usage.example.org:8443' }, value: 48 },
    ])

    const record = commandWith('create-blocks-from rules')
    await shell(
      record
        .replaceAll('/var/lib/prometheus/metrics2/', data)
        .replace('http://127.0.0.1:9090', prometheus.url)
        .replace('2026-06-01T00:00:00Z', minute(end - 26 * HOUR_MS).replace('Z', ':00Z'))
        .replace('2026-10-31T10:00:00Z', minute(end - 20 * HOUR_MS).replace('Z', ':00Z')),
    )
    await prometheus.kill()
    prometheus = await startDocumented(folder, config, retention)
    const recorded = await eventually('a rule over the past', async () => {
      const found = await prometheus.query('project:claude_prompt_tokens:increase6h', (end - 22 * HOUR_MS) / 1000)
      return found.length > 0 ? found : null
    })
    expect(recorded).toHaveLength(1)
  },
)

it.runIf(isInstalled('prometheus') && isInstalled('promtool'))('the first scrape is found as documented', async () => {
  const folder = tempFolder()
  const first = Math.floor(Date.now() / 1000) - 7200
  const lines = Array.from(
    { length: 100 },
    (_, n) => `claude_exporter_build_info{job="claude-usage-exporter"} 1 ${first + n * 60}`,
  )
  writeFileSync(join(folder, 'seen.om'), `${lines.join('\n')}\n# EOF\n`)
  const shell = await shellIn(folder)
  await shell('promtool tsdb create-blocks-from openmetrics seen.om tsdb')
  const prometheus = await startDocumented(folder, 'scrape_configs: []')
  onTestFinished(() => prometheus.kill())
  const answer = await shell(commandWith('query instant', LATER).replace('http://127.0.0.1:9090', prometheus.url))
  const [, seen, written] = /=> (\d+) @[^\n]*\n(\S+)/.exec(answer) ?? []
  expect(Number(seen) - first).toBeLessThanOrEqual(60)
  expect(Number(seen) - first).toBeGreaterThanOrEqual(0)
  // The number that stands in the page, as the page says that it is written.
  expect(written).toBe('2026-10-31T10:00Z')
})

describe.runIf(isInstalled('prometheus') && isInstalled('promtool'))('of a Prometheus that scrapes already', () => {
  it.each([
    { scraped: 'all that was logged before', first: 400, resets: 0 },
    { scraped: 'less than was logged before', first: 300, resets: 1 },
  ])('the documented query tells whether it had scraped $scraped', { timeout: 180_000 }, async ({ first, resets }) => {
    const folder = tempFolder()
    const scrape = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 5 * HOUR_MS
    writeLog(
      folder,
      [6, 5, 4, 3].map((hours) => scrape - hours * HOUR_MS),
    )
    const shell = await shellIn(folder)
    await shell(commandWith('backfill --output', LATER).replace('2026-10-31T09:00Z', minute(scrape - HOUR_MS)))
    mkdirSync(join(folder, 'tsdb'))
    await shell(commandWith('create-blocks-from openmetrics').replaceAll('/var/lib/prometheus/metrics2/', 'tsdb'))

    const [, series] = /^(claude_tokens_total\{.*token_type="output".*\}) 400 /m.exec(historyIn(folder)) ?? []
    expect(series).toBeDefined()
    const lines = Array.from({ length: 60 }, (_, n) => `${series} ${first + n} ${scrape / 1000 + n * 60}`)
    writeFileSync(join(folder, 'scraped.om'), `# TYPE claude_tokens counter\n${lines.join('\n')}\n# EOF\n`)
    await shell('promtool tsdb create-blocks-from openmetrics scraped.om tsdb')
    const prometheus = await startDocumented(folder, 'scrape_configs: []')
    onTestFinished(() => prometheus.kill())
    const answer = await shell(
      commandWith('resets', LATER)
        .replace('http://127.0.0.1:9090', prometheus.url)
        .replace('2026-10-31T12:00:12Z', new Date(scrape + 2 * HOUR_MS).toISOString()),
    )
    expect([...answer.matchAll(/=> 1 @/g)]).toHaveLength(resets)
  })
})

function historyIn(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.om'))
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('')
}

function writeLog(home: string, times: readonly number[]): void {
  const folder = join(home, '.claude', 'projects', '-src-shop')
  mkdirSync(folder, { recursive: true })
  const text = times.map((time, n) => claudeLine({ id: String(n + 1), time, output: 100, input: 10, cacheRead: 1000 }))
  writeFileSync(join(folder, 'session.jsonl'), text.join(''))
}

/**
 * Runs commands of a page in a folder that is also the home folder, with the program on the path. There is nobody to
 * give files to, and nothing to wait for.
 */
async function shellIn(folder: string): Promise<(script: string) => Promise<string>> {
  const programs = join(folder, 'bin')
  mkdirSync(programs)
  cpSync(prometheusFile('rules'), join(folder, 'rules'), { recursive: true })
  const main = new URL('../../dist/main.js', import.meta.url).pathname
  const scripts = { chown: ':', sleep: ':', 'claude-usage-exporter': `exec "${process.execPath}" "${main}" "$@"` }
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(programs, name), 0o755)
  }
  const env = {
    PATH: `${programs}:${process.env['PATH']}`,
    HOME: folder,
    TZ: 'UTC',
    CLAUDE_USAGE_EXPORTER_STORAGE_PATH: join(folder, 'ledger'),
  }
  return async (script) => (await promisify(execFile)('sh', ['-e', '-c', script], { cwd: folder, env })).stdout
}
