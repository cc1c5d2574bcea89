import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { isInstalled } from '../support/binaries.ts'
import { claudeLine } from '../support/claude-line.ts'
import { eventually } from '../support/exporter.ts'
import { tempFolder } from '../support/temp.ts'
import { prometheusFile } from './rule-files.ts'
import { startDocumented } from './support/documented-prometheus.ts'
import { blocksOf, yamlUnder } from './support/fenced-blocks.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const HEADING = 'Months before the first scrape'

const commands = blocksOf('prometheus/README.md').filter(({ heading }) => heading === HEADING)

/** The commands of the page, of which the one with this word is meant. */
function commandWith(word: string): string {
  const found = commands.find(({ text }) => text.includes(word))
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
    const end = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS
    writeLog(
      folder,
      Array.from({ length: 48 }, (_, n) => end - 50 * HOUR_MS + n * HOUR_MS + 60_000),
    )
    const shell = await shellIn(folder)

    const backfill = commandWith('backfill --output')
    expect(backfill).toContain('--until 2026-10-31T10:00Z')
    await shell(backfill.replace('2026-10-31T10:00Z', minute(end)))
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
  const answer = await shell(commandWith('query instant').replace('http://127.0.0.1:9090', prometheus.url))
  const [, seen, written] = /=> (\d+) @[^\n]*\n(\S+)/.exec(answer) ?? []
  expect(Number(seen) - first).toBeLessThanOrEqual(60)
  expect(Number(seen) - first).toBeGreaterThanOrEqual(0)
  // The number that stands in the page, as the page says that it is written.
  expect(written).toBe('2026-10-31T10:00Z')
})

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
