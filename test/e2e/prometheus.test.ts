import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isInstalled } from '../support/binaries.ts'
import { claudeLine } from '../support/claude-line.ts'
import { eventually, startExporter, sumOf } from '../support/exporter.ts'
import { startPrometheus } from '../support/prometheus.ts'
import { tempFolder } from '../support/temp.ts'

const START = Date.now() - 3_600_000

describe.runIf(isInstalled('prometheus'))('scraped by Prometheus while logs grow', () => {
  it('increase() over the run is what was written, new label sets included', { timeout: 120_000 }, async () => {
    const home = tempFolder()
    const log = (project: string) => join(home, '.claude', 'projects', `-src-${project}`, 'session.jsonl')
    let responses = 0
    const write = (project: string, count: number) => {
      mkdirSync(dirname(log(project)), { recursive: true })
      let text = ''
      for (let n = 0; n < count; n++) {
        responses += 1
        text += claudeLine({
          id: String(responses),
          time: START + responses * 1000,
          input: 10,
          output: 100 + responses,
          cacheRead: 1000,
          session: project,
          cwd: `/src/${project}`,
        })
      }
      appendFileSync(log(project), text)
    }
    write('shop', 40)
    const exporter = await startExporter({
      home,
      storage: join(home, 'ledger'),
      flags: ['--metrics.zero-first=3s'],
    })
    onTestFinished(() => exporter.kill('SIGKILL'))
    await eventually('the first load', () => exporter.scrape())
    const prometheus = await startPrometheus({ folder: home, targets: { t: new URL(exporter.url).host } })
    onTestFinished(() => prometheus.kill())

    await eventually('a first scrape', async () =>
      (await prometheus.samples('claude_tokens_total')).length > 0 ? true : null,
    )
    const before = responses
    for (let round = 0; round < 12; round++) {
      write('shop', 1 + (round % 3))
      if (round >= 3) write('blog', 1)
      if (round === 6) write('site', 5)
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
    const written = Array.from({ length: responses - before }, (_, n) => 10 + 1000 + 100 + before + n + 1)
    const expected = written.reduce((sum, n) => sum + n, 0)
    await eventually('everything being shown', async () => {
      const series = await exporter.scrape()
      return series && sumOf(series, 'claude_requests_total') === BigInt(responses) ? true : null
    })
    await eventually('the last scrape', async () => {
      const sum = await prometheus.value('sum(claude_requests_total)', Date.now() / 1000)
      return sum === responses ? true : null
    })

    const samples = await prometheus.samples('claude_tokens_total')
    const first = Math.min(...samples)
    const last = Math.max(...samples)
    // Evaluated from the first sample to the last nothing is extrapolated: the increase is exact.
    const increase = await prometheus.value(
      `sum(increase(claude_tokens_total[${Math.round((last - first) * 1000)}ms]))`,
      last,
    )
    expect(increase).toBeCloseTo(expected, 3)
    expect(await prometheus.value('max(resets(claude_tokens_total[5m]))', last)).toBe(0)
  })
})
