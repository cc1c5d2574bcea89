import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import { isInstalled } from '../support/binaries.ts'
import { claudeLine } from '../support/claude-line.ts'
import { eventually, startExporter } from '../support/exporter.ts'
import { freePort, startAlertmanager, startPrometheus } from '../support/prometheus.ts'
import { tempFolder } from '../support/temp.ts'
import { startWebhook } from '../support/webhook.ts'

const HOUR_MS = 3_600_000
const WAIT_MS = 60_000
const CONFIG = `
time_zone: UTC
budgets:
  - {name: daily, limit_tokens: 1000, period: day}
  - {name: other, limit_usd: 1000, period: month}
`

describe.runIf(isInstalled('prometheus') && isInstalled('prometheus-alertmanager'))('a budget that is used up', () => {
  it('warns, then is critical, then exceeded, each once, over a restart, until the reset', {
    timeout: 240_000,
  }, async () => {
    const home = tempFolder()
    const clock = join(home, 'clock-shift')
    // Ten in the morning: the day lasts long enough for the test and ends with a jump of the clock.
    const shift = startOfUtcDay(Date.now()) + 10 * HOUR_MS - Date.now()
    writeFileSync(clock, String(shift))
    const now = () => Date.now() + Number(readFileSync(clock, 'utf8'))
    writeFileSync(join(home, 'config.yml'), CONFIG)
    const log = join(home, '.claude', 'projects', '-src-shop', 'session.jsonl')
    mkdirSync(dirname(log), { recursive: true })
    let responses = 0
    const use = (tokens: number) => {
      responses += 1
      const line = claudeLine({ id: String(responses), time: now(), input: 0, output: tokens })
      writeFileSync(log, line, { flag: 'a' })
    }
    use(100)

    const address = `127.0.0.1:${await freePort()}`
    const start = () =>
      startExporter({
        home,
        storage: join(home, 'ledger'),
        flags: [`--config.file=${join(home, 'config.yml')}`],
        nodeFlags: ['--import', './test/support/shifted-clock.mjs'],
        env: { CLOCK_SHIFT_FILE: clock },
        address,
      })
    let exporter = await start()
    onTestFinished(() => exporter.kill('SIGKILL'))
    await eventually('the first load', () => exporter.scrape())

    const webhook = await startWebhook()
    onTestFinished(async () => void (await webhook.close()))
    const alertmanager = await startAlertmanager(home, fastRoutes(webhook.url))
    onTestFinished(() => alertmanager.kill())
    const prometheus = await startPrometheus({
      folder: home,
      targets: { 'claude-usage-exporter': address },
      ruleFiles: fastRules(home),
      alertmanager: alertmanager.address,
    })
    onTestFinished(() => prometheus.kill())
    /** Messages about the budget so far. */
    const told = () =>
      webhook.received
        .filter(({ labels }) => labels['budget'] === 'daily' && STAGES.has(labels['alertname'] ?? ''))
        .map(({ status, labels }) => `${status} ${labels['alertname']} ${labels['severity']}`)
    const tellingOf = (message: string) =>
      eventually(message, async () => (told().includes(message) ? true : null), WAIT_MS).catch((error: Error) => {
        throw new Error(`${error.message}; told: ${JSON.stringify(told())}`)
      })

    await eventually('a first scrape', async () => await prometheus.value('claude_budget_used_ratio{budget="daily"}'))
    use(660)
    await tellingOf('firing ClaudeBudgetNearLimit warning')
    expect(told()).toEqual(['firing ClaudeBudgetNearLimit warning'])
    use(150)
    await tellingOf('firing ClaudeBudgetNearLimit critical')

    await exporter.kill('SIGKILL')
    await eventually('Prometheus to miss it', async () => ((await prometheus.value('up')) === 0 ? true : null))
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    exporter = await start()
    await eventually('Prometheus to find it again', async () => ((await prometheus.value('up')) === 1 ? true : null))
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    expect(told()).toEqual(['firing ClaudeBudgetNearLimit warning', 'firing ClaudeBudgetNearLimit critical'])

    use(100)
    await tellingOf('firing ClaudeBudgetExceeded critical')
    expect(await prometheus.value('claude_budget_used_ratio{budget="daily"}')).toBe(1.01)
    expect(await prometheus.value('claude_budget_remaining_tokens{budget="daily"}')).toBe(-10)

    writeFileSync(clock, String(shift + 14 * HOUR_MS))
    await tellingOf('resolved ClaudeBudgetExceeded critical')
    await tellingOf('resolved ClaudeBudgetNearLimit critical')
    const firing = told().filter((message) => message.startsWith('firing'))
    expect(firing).toEqual([
      'firing ClaudeBudgetNearLimit warning',
      'firing ClaudeBudgetNearLimit critical',
      'firing ClaudeBudgetExceeded critical',
    ])
    expect(webhook.received.filter(({ labels }) => labels['budget'] === 'other')).toEqual([])
    const exceeded = webhook.received.find(({ labels }) => labels['alertname'] === 'ClaudeBudgetExceeded')
    expect(exceeded?.annotations['description']).toContain('101%')
  })
})

/** Alerts of the level that a budget has reached; how fast it got there is another matter. */
const STAGES = new Set(['ClaudeBudgetNearLimit', 'ClaudeBudgetExceeded'])
/** Waiting times of rules and routes are cut by this, so that the test does not take hours. Nothing else is changed. */
const HASTE = 30

function fastRules(folder: string): string[] {
  return ['recording.yml', 'alerts.yml'].map((name) => {
    const document = parse(readFileSync(join('prometheus', 'rules', name), 'utf8')) as {
      groups: { interval?: string; rules: { for?: string; keep_firing_for?: string }[] }[]
    }
    for (const { rules } of document.groups) {
      for (const rule of rules) {
        if (rule.for) rule.for = hastened(rule.for)
        if (rule.keep_firing_for) rule.keep_firing_for = hastened(rule.keep_firing_for)
      }
    }
    const path = join(folder, name)
    writeFileSync(path, stringify(document))
    return path
  })
}

interface Route {
  receiver?: string
  group_wait?: string
  group_interval?: string
  routes?: Route[]
}

/** The routes and inhibitions as shipped, with one receiver for all. */
function fastRoutes(url: string) {
  const shipped = parse(readFileSync(join('prometheus', 'alertmanager.yml'), 'utf8')) as { route: Route }
  const hasten = (route: Route): Route => ({
    ...route,
    receiver: 'webhook',
    ...(route.group_wait && { group_wait: hastened(route.group_wait) }),
    ...(route.group_interval && { group_interval: hastened(route.group_interval) }),
    ...(route.routes && { routes: route.routes.map(hasten) }),
  })
  return {
    ...shipped,
    route: hasten(shipped.route),
    receivers: [{ name: 'webhook', webhook_configs: [{ url, send_resolved: true }] }],
  }
}

/** `5m` becomes `10s`. */
function hastened(duration: string): string {
  const seconds = [...duration.matchAll(/(\d+)(s|m|h|d)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * { s: 1, m: 60, h: 3_600, d: 86_400 }[unit as 's' | 'm' | 'h' | 'd'],
    0,
  )
  return `${Math.max(1, Math.round(seconds / HASTE))}s`
}

function startOfUtcDay(instant: number): number {
  return Math.floor(instant / (24 * HOUR_MS)) * 24 * HOUR_MS
}
