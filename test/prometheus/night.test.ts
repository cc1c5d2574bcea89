import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { isInstalled } from '../support/binaries.ts'
import { startAlertmanager } from '../support/prometheus.ts'
import { tempFolder } from '../support/temp.ts'
import { readPrometheusFile } from './rule-files.ts'

/** Real milliseconds of an hour of the night. */
const HOUR_MS = 400
const RESEND_MS = 30
/** For how long Prometheus says that an alert is over; a quarter of an hour, but there must be time for it. */
const RESOLVED_HOURS = 0.7
/** Long enough for what comes at once to be known before any of it is told. */
const SHORTEST_MS = 100

type Labels = Readonly<Record<string, string>>

/** What Alertmanager posts. */
interface Message {
  /** `resolved` when all of its alerts are. */
  readonly status: 'firing' | 'resolved'
  readonly receiver: string
  readonly alerts: readonly { readonly labels: Labels }[]
}

const A = { job: 'claude', instance: 'a' }
const B = { job: 'claude', instance: 'b' }
const BOT = { ...A, source: 'pi', agent: 'bot' }

/** What Prometheus would send, by the hours in which it fires. */
const NIGHT = [
  during(0, 4, 'ClaudeBudgetForecastExceeded', 'warning', { ...A, budget: 'daily' }),
  during(0, 3, 'ClaudeBudgetExhaustsBeforeReset', 'warning', { ...A, budget: 'daily' }),
  during(0, 16, 'ClaudeBudgetNearLimit', 'warning', { ...A, budget: 'daily' }),
  during(1, 16, 'ClaudeBudgetNearLimit', 'critical', { ...A, budget: 'daily' }),
  during(2, 3, 'ClaudeBudgetBurnFast', 'critical', { ...A, budget: 'daily' }),
  during(2, 16, 'ClaudeBudgetExceeded', 'critical', { ...A, budget: 'daily' }),
  during(2, 9, 'ClaudeRunawayAgent', 'critical', BOT),
  during(2, 9, 'ClaudeRunawayAgent', 'critical', { ...A, project: 'shop' }),
  during(2, 9, 'ClaudeTooManyActiveSessions', 'critical', A),
  during(2, 10, 'ClaudeUnusualSpend', 'warning', BOT),
  during(3, 16, 'ClaudeBudgetNearLimit', 'warning', { ...B, budget: 'daily' }),
  during(4, 18, 'ClaudeBudgetNearLimit', 'warning', { ...A, budget: 'monthly' }),
  during(10, 12, 'ClaudeExporterDown', 'critical', A),
  during(10.5, 11.5, 'ClaudeSyncStale', 'warning', { ...A, source: 'pi' }),
]

it.runIf(isInstalled('prometheus-alertmanager'))(
  'a night of 20 hours: what is told to whom, and how often',
  async () => {
    const received: Message[] = []
    const webhook = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      received.push(JSON.parse(body) as Message)
      response.end()
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void webhook.close())
    await new Promise((resolve) => webhook.once('listening', resolve))
    const { port } = webhook.address() as AddressInfo
    const { address, kill } = await startAlertmanager(tempFolder(), hastened(`http://127.0.0.1:${port}`))
    onTestFinished(kill)

    const start = Date.now()
    const hours = () => (Date.now() - start) / HOUR_MS
    while (hours() < 20) {
      const alerts = NIGHT.filter(({ from, to }) => from <= hours() && hours() < to + RESOLVED_HOURS).map(
        ({ from, to, labels }) => ({
          labels,
          startsAt: new Date(start + from * HOUR_MS).toISOString(),
          endsAt: new Date(hours() < to ? Date.now() + 60_000 : start + to * HOUR_MS).toISOString(),
        }),
      )
      const body = JSON.stringify(alerts)
      await fetch(`http://${address}/api/v2/alerts`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      })
      await new Promise((resolve) => setTimeout(resolve, RESEND_MS))
    }
    const told = (status: string) => received.filter((message) => message.status === status).map(textOf)
    // A runaway that goes on is told again after 4 hours; nothing else is told twice.
    const runaway = 'page: ClaudeRunawayAgent bot + ClaudeRunawayAgent shop + ClaudeTooManyActiveSessions'
    expect(told('firing').sort()).toEqual(
      [
        'notice: ClaudeBudgetForecastExceeded daily',
        'notice: ClaudeBudgetNearLimit daily',
        'page: ClaudeBudgetNearLimit daily',
        'page: ClaudeBudgetExceeded daily',
        runaway,
        runaway,
        // The hour that it looks at is over later than the runaway.
        'notice: ClaudeUnusualSpend bot',
        'notice: ClaudeBudgetNearLimit daily of b',
        'notice: ClaudeBudgetNearLimit monthly',
        'page: ClaudeExporterDown',
      ].sort(),
    )
    expect(told('resolved').sort()).toEqual(
      [
        'notice: ClaudeUnusualSpend bot',
        'notice: ClaudeBudgetNearLimit daily + ClaudeBudgetNearLimit daily of b',
        'page: ClaudeBudgetNearLimit daily',
        'page: ClaudeBudgetExceeded daily',
        runaway,
        'notice: ClaudeBudgetNearLimit monthly',
        'page: ClaudeExporterDown',
      ].sort(),
    )
  },
)

function textOf({ receiver, alerts }: Message): string {
  const texts = alerts.map(({ labels: { alertname, budget, agent, project, instance } }) =>
    [alertname, budget, agent, project, instance === 'b' && 'of b'].filter(Boolean).join(' '),
  )
  return `${receiver}: ${texts.sort().join(' + ')}`
}

function during(from: number, to: number, alertname: string, severity: string, labels: Labels) {
  return { from, to, labels: { ...labels, alertname, severity } }
}

interface Route {
  readonly routes?: readonly Route[]
}

/** As shipped, with all durations in the time of the test. */
function hastened(url: string) {
  const config = parse(readPrometheusFile('alertmanager.yml')) as { route: Route; receivers: { name: string }[] }
  const hasten = (route: Route): Route =>
    Object.fromEntries(
      Object.entries(route).map(([key, value]) => {
        if (key === 'routes') return [key, (value as readonly Route[]).map(hasten)]
        return [key, /_(wait|interval)$/.test(key) ? inTestTime(String(value)) : value]
      }),
    )
  return {
    ...config,
    route: hasten(config.route),
    receivers: config.receivers.map(({ name }) => ({ name, webhook_configs: [{ url, send_resolved: true }] })),
  }
}

function inTestTime(duration: string): string {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(duration) ?? []
  const hours = Number(count) * { s: 1 / 3_600, m: 1 / 60, h: 1, d: 24 }[unit as 's' | 'm' | 'h' | 'd']
  return `${Math.max(SHORTEST_MS, Math.ceil(hours * HOUR_MS))}ms`
}
