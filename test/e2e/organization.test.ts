import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { decimalFromPico } from '../../src/core/money.ts'
import { DAY_MS } from '../../src/core/organization.ts'
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
          const isThere = (family: string) => body.includes(`\n${family}{`)
          return isThere('claude_billed_cost_month_to_date_usd') && isThere('claude_api_tokens_month_to_date')
            ? body
            : null
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
    expect(text).toMatch(/claude_exporter_source_up\{source="anthropic-usage"\} 1/)
    expect(text).toMatch(/claude_exporter_credentials_valid\{organization="default"\} 1/)
    for (const { headers } of api.requests) expect(headers['x-test-header']).toBeUndefined()

    const sync = JSON.parse(await command('sync', '--type', 'cost', '--days', '3', '--json'))
    expect(sync.runs[0]).toMatchObject({ source: 'anthropic-cost', result: 'ok', changes: { changed: 0 } })
    const reconcile = await command('reconcile', '--days', '5', '--no-sync')
    expect(reconcile).toContain('Billed')
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

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
}
