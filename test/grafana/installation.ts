import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { DAY_MS } from '../../src/core/time.ts'
import { eventually, startExporter } from '../support/exporter.ts'
import { startOrganizationApi } from '../support/organization-api/server.ts'
import { createTruth } from '../support/organization-api/truth.ts'
import { startPrometheus } from '../support/prometheus.ts'
import { writeHistory } from './hand-made-logs.ts'

const KEY = 'sk-ant-admin01-dashboards-0123456789'

/** An exporter with logs, budgets and an organisation. Gives its address and how to end it. */
export async function startFilledExporter(home: string, days = 20) {
  const now = Date.now()
  writeHistory(home, days, now)
  const today = Math.floor(now / DAY_MS) * DAY_MS
  const truth = createTruth({ seed: 7, from: today - 70 * DAY_MS, days: 71 })
  truth.remove((record) => record.start + 3_600_000 > now - 600_000)
  const api = await startOrganizationApi({
    truth,
    keys: { [KEY]: { kind: 'admin' } },
    now: () => Date.now(),
    spendLimits: 'effective',
  })
  writeFileSync(join(home, 'key'), KEY, { mode: 0o600 })
  writeFileSync(join(home, 'config.yml'), stringify(settings(now)))
  mkdirSync(join(home, 'ledger'))
  const exporter = await startExporter({
    home,
    storage: join(home, 'ledger'),
    flags: [`--config.file=${join(home, 'config.yml')}`],
    env: { ANTHROPIC_ADMIN_KEY_FILE: join(home, 'key'), CLAUDE_USAGE_EXPORTER_ADMIN_API_BASE_URL: api.url },
  })
  await eventually(
    'the first load and the first reports',
    async () => {
      const names = [...((await exporter.scrape())?.keys() ?? [])]
      const has = (family: string) => names.some((name) => name.startsWith(family))
      return has('claude_billed_cost_month') && has('claude_api_tokens_month') && has('claude_workspace_info')
        ? true
        : null
    },
    40_000,
  )
  return {
    address: new URL(exporter.url).host,
    url: exporter.url,
    async end() {
      await exporter.kill('SIGTERM')
      await api.close()
    },
  }
}

/** Prometheus as it is shipped, but everything every second. */
export async function startFastPrometheus(folder: string, address: string) {
  const ruleFiles = ['recording.yml', 'alerts.yml'].map((name) => {
    const rules = parse(readFileSync(join('prometheus', 'rules', name), 'utf8')) as { groups: { interval?: string }[] }
    for (const group of rules.groups) delete group.interval
    const path = join(folder, name)
    writeFileSync(path, stringify(rules))
    return path
  })
  return startPrometheus({ folder, targets: { 'claude-usage-exporter': address }, ruleFiles })
}

/** Budgets of dollars and of tokens, of days, weeks, months and rolling, one exceeded, and of what is billed. */
function settings(now: number) {
  return {
    time_zone: 'UTC',
    tail: { rescan: '2s' },
    budgets: [
      { name: 'monthly', limit_usd: 900, period: 'month', owner: 'platform' },
      { name: 'daily', limit_usd: 30, period: 'day' },
      // Weeks that end on different days: there is no advice on the last day.
      { name: 'weekly', limit_usd: 500, period: 'week', week_starts_on: 'wednesday' },
      { name: 'weekly-tokens', limit_tokens: '20M', period: 'week' },
      { name: 'thursday-tokens', limit_tokens: '20M', period: 'week', week_starts_on: 'thursday' },
      { name: 'shop-today', limit_tokens: '1k', period: 'day', scope: { project: 'shop' } },
      { name: 'any-week', limit_usd: 300, period: '7d', severity: 'warning' },
      { name: 'billed', limit_usd: 4000, basis: 'billed_cost', period: 'month', max_data_age: '48h' },
    ],
    admin_api: { claude_code: { enabled: true } },
    // There is a forecast from the first minutes of a period on.
    alerts: { forecast_elapsed_ratio: 0.001 },
    balance: { top_ups: [{ date: new Date(now - 20 * DAY_MS).toISOString().slice(0, 10), usd: 9000 }] },
  }
}
