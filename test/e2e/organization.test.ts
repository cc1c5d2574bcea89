import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { decimalFromPico, PICO_PER_USD } from '../../src/core/money.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { eventually, startExporter } from '../support/exporter.ts'
import { startOrganizationApi } from '../support/organization-api/server.ts'
import { createTruth } from '../support/organization-api/truth.ts'
import { sumTruth } from '../support/organization-api/truth-sums.ts'
import { tempFolder } from '../support/temp.ts'

const KEY = 'sk-ant-admin01-e2e-fedcba9876543210'

it('serves the truth of an organisation, and the key is nowhere', { timeout: 120_000 }, async () => {
  const now = Date.now()
  const today = Math.floor(now / DAY_MS) * DAY_MS
  const month = Date.UTC(new Date(now).getUTCFullYear(), new Date(now).getUTCMonth(), 1)
  const truth = createTruth({ seed: 3, from: today - 70 * DAY_MS, days: 71 })
  truth.remove((record) => record.start + 3_600_000 > now - 600_000)
  const api = await startOrganizationApi({
    truth,
    keys: { [KEY]: { kind: 'admin' } },
    now: () => Date.now(),
    generations: { analytics: false, legacy: true },
  })
  const home = tempFolder()
  const storage = join(home, 'data')
  mkdirSync(storage)
  const keyFile = join(home, 'key')
  writeFileSync(keyFile, `${KEY}\n`, { mode: 0o600 })
  const env = {
    ANTHROPIC_ADMIN_KEY_FILE: keyFile,
    CLAUDE_USAGE_EXPORTER_ADMIN_API_BASE_URL: api.url,
    CLAUDE_USAGE_EXPORTER_BUDGETS: JSON.stringify([
      { name: 'bill', limit_usd: 1_000_000, period: 'month', basis: 'billed_cost' },
      { name: 'tokens', limit_tokens: 1, period: 'month', basis: 'api_tokens', token_types: ['output'] },
    ]),
    CLAUDE_USAGE_EXPORTER_BALANCE_TOP_UPS: JSON.stringify([{ date: dateOf(today - 20 * DAY_MS), usd: 1_000_000 }]),
    // What other programs use must not matter.
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
    ANTHROPIC_API_KEY: 'sk-ant-api03-another',
    ANTHROPIC_CUSTOM_HEADERS: 'x-test-header: leaked',
  }
  const command = async (...args: string[]) => {
    const settings = { env: { PATH: process.env['PATH'] ?? '', HOME: home, TZ: 'UTC', ...env } }
    const argv = ['dist/main.js', ...args, `--storage.path=${storage}`]
    return (await promisify(execFile)(process.execPath, argv, settings)).stdout
  }
  try {
    const exporter = await startExporter({ home, storage, env, flags: ['--log.level=debug'] })
    let text = ''
    try {
      text = await eventually(
        'the first sync of cost and usage',
        async () => {
          const body = await (await fetch(`${exporter.url}/metrics`)).text()
          const isThere = (series: string) => body.includes(`\n${series}`)
          // Amounts are shown as soon as they are stored, a moment before the run that brought them ends.
          const ended = ['usage', 'cost'].map((report) => `claude_exporter_source_up{source="anthropic-${report}"} `)
          const families = [
            'claude_billed_cost_month_to_date_usd',
            'claude_api_tokens_month_to_date',
            'claude_budget_spent_usd',
            'claude_budget_spent_tokens',
            'claude_balance_usd',
          ]
          return [...families.map((family) => `${family}{`), ...ended].every(isThere) ? body : null
        },
        60_000,
      )
      text += await (await fetch(`${exporter.url}/`)).text()
      const cmdline = readFileSync(`/proc/${exporter.process.pid}/cmdline`, 'utf8')
      const seen = [text, exporter.log(), cmdline, ...filesIn(storage)].join('\n')
      expect(seen).not.toContain(KEY)
      expect(seen).not.toContain(KEY.slice(-12))
    } finally {
      await exporter.kill('SIGTERM')
    }
    const to = today + DAY_MS
    const truthOfMonth = sumTruth(truth, { from: month, to })
    expect(sumOfFamily(text, 'claude_billed_cost_month_to_date_usd')).toBeCloseTo(
      Number(decimalFromPico(truthOfMonth.amountPico)),
      6,
    )
    const tokens = Object.values(truthOfMonth.tokens).reduce((sum, count) => sum + count, 0n)
    expect(sumOfFamily(text, 'claude_api_tokens_month_to_date')).toBe(Number(tokens))
    expect(valueIn(text, 'claude_budget_spent_usd{budget="bill"}')).toBe(decimalFromPico(truthOfMonth.amountPico))
    expect(valueIn(text, 'claude_budget_spent_tokens{budget="tokens"}')).toBe(String(truthOfMonth.tokens.output))
    expect(valueIn(text, 'claude_budget_state{budget="tokens",state="exceeded"}')).toBe('1')
    const billedSince = sumTruth(truth, { from: today - 20 * DAY_MS, to }).amountPico
    expect(valueIn(text, 'claude_balance_usd{organization="default"}')).toBe(
      decimalFromPico(1_000_000n * PICO_PER_USD - billedSince),
    )
    expect(text).toMatch(/claude_exporter_source_up\{source="anthropic-usage"\} 1/)
    expect(text).toMatch(/claude_exporter_credentials_valid\{organization="default"\} 1/)
    for (const { headers } of api.requests) expect(headers['x-test-header']).toBeUndefined()

    const sync = JSON.parse(await command('sync', '--type', 'cost', '--days', '3', '--json'))
    expect(sync.runs[0]).toMatchObject({ source: 'anthropic-cost', result: 'ok', changes: { changed: 0 } })
    const reconcile = await command('reconcile', '--days', '5', '--no-sync')
    expect(reconcile).toContain('Billed')
    const { budgets } = JSON.parse(await failing(command('budgets', '--no-sync', '--json')))
    expect(budgets[0]).toMatchObject({
      name: 'bill',
      spent: Number(decimalFromPico(truthOfMonth.amountPico)),
      state: 'ok',
    })
    expect(budgets[1]).toMatchObject({ name: 'tokens', spent: Number(truthOfMonth.tokens.output), state: 'exceeded' })
    const runs = await command('runs')
    expect(runs).toContain('anthropic-usage')
    expect(runs).toContain('command')
  } finally {
    await api.close()
  }
})

function sumOfFamily(text: string, family: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${family}{`))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

function valueIn(text: string, series: string): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return line?.slice(series.length + 1)
}

/** What a command printed that ended with another code than 0. */
async function failing(command: Promise<string>): Promise<string> {
  return command.then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  )
}

function dateOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
}
