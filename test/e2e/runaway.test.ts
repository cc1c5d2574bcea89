import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { isInstalled } from '../support/binaries.ts'
import { claudeLine } from '../support/claude-line.ts'
import { eventually, startExporter } from '../support/exporter.ts'
import { startAlertmanager, startPrometheus } from '../support/prometheus.ts'
import { tempFolder } from '../support/temp.ts'
import { startWebhook } from '../support/webhook.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** New tokens per minute while somebody works, on the days before. */
const USUAL_RATE = 3_000
const TICK_MS = 5_000
const PAGE_WITHIN_MS = 180_000

// Nothing is hastened here: rules, routes and the interval of the shipped Prometheus configuration are as users have them.
describe.runIf(isInstalled('prometheus') && isInstalled('prometheus-alertmanager'))('too many agents at once', () => {
  it('page within three minutes, and a busy day beside them does not', { timeout: 300_000 }, async () => {
    const runaway = await startMachine('runaway', 20, 50)
    const busy = await startMachine('busy', 5, 3)
    const folder = tempFolder()
    const webhook = await startWebhook()
    onTestFinished(async () => void (await webhook.close()))
    const alertmanager = await startAlertmanager(folder, shippedRoutes(webhook.url))
    onTestFinished(() => alertmanager.kill())
    const prometheus = await startPrometheus({
      folder,
      targets: { runaway: runaway.target, busy: busy.target },
      interval: '15s',
      ruleFiles: ['recording.yml', 'alerts.yml'].map((name) => join(process.cwd(), 'prometheus', 'rules', name)),
      alertmanager: alertmanager.address,
    })
    onTestFinished(() => prometheus.kill())
    await eventually(
      'a first scrape of both',
      async () => ((await prometheus.value('count(claude_exporter_load_complete == 1)')) === 2 ? true : null),
      40_000,
    )

    const begin = Date.now()
    const timer = setInterval(() => {
      runaway.use()
      busy.use()
    }, TICK_MS)
    onTestFinished(() => clearInterval(timer))
    const pages = (job: string) =>
      webhook.received.filter(
        ({ status, labels }) => status === 'firing' && labels['severity'] === 'critical' && labels['job'] === job,
      )
    const page = await eventually('a page', async () => pages('runaway')[0] ?? null, PAGE_WITHIN_MS)
    expect(page.at - begin).toBeLessThanOrEqual(PAGE_WITHIN_MS)
    expect(['ClaudeTooManyActiveSessions', 'ClaudeRunawayAgent', 'ClaudeRunawaySession']).toContain(
      page.labels['alertname'],
    )
    // Both kinds of evidence count: how many there are and how fast they are.
    await eventually(
      'both alerts',
      async () => {
        const names = new Set(
          (await prometheus.alerts()).map(({ labels }) => `${labels['job']} ${labels['alertname']}`),
        )
        return names.has('runaway ClaudeTooManyActiveSessions') && names.has('runaway ClaudeRunawayAgent') ? true : null
      },
      PAGE_WITHIN_MS,
    )
    expect(pages('busy')).toEqual([])
    const aboutBusy = (await prometheus.alerts()).filter(({ labels }) => labels['job'] === 'busy')
    expect(aboutBusy.map(({ labels }) => labels['alertname'])).toEqual([])
  })
})

/** A machine with two weeks of ordinary work in its logs, and a number of sessions at a multiple of the usual rate. */
async function startMachine(name: string, sessions: number, multiple: number) {
  const home = tempFolder()
  let responses = 0
  const write = (session: string, time: number, tokens: number) => {
    responses += 1
    const path = join(home, '.claude', 'projects', `-src-${name}`, `${session}.jsonl`)
    mkdirSync(dirname(path), { recursive: true })
    const line = claudeLine({
      id: String(responses),
      time,
      session,
      cwd: `/src/${name}`,
      model: 'claude-haiku-4-5',
      input: 0,
      output: tokens,
    })
    writeFileSync(path, line, { flag: 'a' })
  }
  const start = Date.now()
  for (let day = 14; day >= 1; day--) {
    for (let quarter = 0; quarter < 32; quarter++) {
      write(`day-${day}`, start - day * DAY_MS + quarter * 15 * MINUTE_MS, USUAL_RATE * 15)
    }
  }
  const exporter = await startExporter({ home, storage: join(home, 'ledger') })
  onTestFinished(() => exporter.kill('SIGKILL'))
  await eventually('the first load', () => exporter.scrape())
  return {
    target: new URL(exporter.url).host,
    use() {
      const tokens = (USUAL_RATE * multiple * TICK_MS) / MINUTE_MS / sessions
      for (let session = 0; session < sessions; session++) write(`now-${session}`, Date.now(), Math.round(tokens))
    },
  }
}

/** As shipped, but for where the messages go. */
function shippedRoutes(url: string) {
  const shipped = parse(readFileSync(join('prometheus', 'alertmanager.yml'), 'utf8')) as {
    receivers: readonly { readonly name: string }[]
  }
  return {
    ...shipped,
    receivers: shipped.receivers.map(({ name }) => ({ name, webhook_configs: [{ url, send_resolved: true }] })),
  }
}
