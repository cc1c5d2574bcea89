import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SyncDocument } from '../../src/api/schema/lists.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { answer, header } from '../cases/entries.ts'
import { eventually, type RunningExporter, startExporter } from '../support/exporter.ts'
import { startOrganizationApi } from '../support/organization-api/server.ts'
import { createTruth } from '../support/organization-api/truth.ts'
import { tempFolder } from '../support/temp.ts'

const HOUR_MS = 3_600_000
const KEY = 'sk-ant-admin01-older-0123456789abcdef'
/** Of each response: $0.30 and $0.90 with Sonnet, $0.10 and $0.30 with Haiku. */
const USAGE = { input: 100_000, output: 60_000 }
const SONNET = 'claude-sonnet-4-6'
const HAIKU = 'claude-haiku-4-5-20251001'

let home = ''
let exporter: RunningExporter
/** When the exporter was asked for the first time, epoch milliseconds. */
let asked: number
const zone = zoneAtNoon(Date.now())

/** A zone in which it is about noon: what was used an hour ago is of the same day, week and month. */
function zoneAtNoon(now: number): string {
  const behind = new Date(now).getUTCHours() - 12
  return behind === 0 ? 'Etc/GMT' : `Etc/GMT${behind > 0 ? '+' : '-'}${Math.abs(behind)}`
}

function writeLog(agent: string, model: string, responses: number): void {
  const from = Date.now() - HOUR_MS
  const path = join(home, '.clawdbot', 'agents', agent, 'sessions', `${agent}-1.jsonl`)
  const entries = Array.from({ length: responses }, (_, index) => {
    const timestamp = new Date(from + index * 1_000).toISOString()
    return answer({
      id: `${agent}${index}`,
      timestamp,
      usage: USAGE,
      message: { model, responseId: `msg_${agent}_${index}` },
    })
  })
  const first = header({ id: `${agent}-1`, timestamp: new Date(from - 1_000).toISOString(), cwd: '/src/assistant' })
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${[first, ...entries].join('\n')}\n`)
}

/** Reads a document the way a widget does: no headers, no cookies, plain JSON. */
async function get(path: string) {
  const response = await fetch(`${exporter.url}${path}`)
  expect({ path, status: response.status, type: response.headers.get('content-type') }).toEqual({
    path,
    status: 200,
    type: expect.stringMatching(/^application\/json/),
  })
  return JSON.parse(await response.text())
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'older-users-'))
  writeLog('main', SONNET, 40)
  writeLog('helper', HAIKU, 10)
  const config = join(home, 'config.yml')
  writeFileSync(
    config,
    `time_zone: ${zone}
budgets:
  - {name: weekly-tokens, limit_tokens: 5M, period: 7d}
  - {name: monthly-spend, limit_usd: 50, period: month}
`,
  )
  exporter = await startExporter({ home, storage: join(home, 'data'), flags: [`--config.file=${config}`] })
  await eventually('the logs to be read', () => exporter.scrape())
  asked = Date.now()
})
afterAll(async () => {
  await exporter?.kill('SIGTERM')
  rmSync(home, { recursive: true, force: true })
})

describe('a widget made for an older script', () => {
  it('reads /claude-usage.json, and sees what is beyond a budget', async () => {
    const { claudeUsage, timestamp } = await get('/claude-usage.json')
    expect(claudeUsage).toMatchObject({
      weeklyTokens: 8_000_000,
      monthlyTokens: 8_000_000,
      weeklyPercentage: 160,
      monthlySpend: 52,
      spendPercentage: 104,
      balance: null,
    })
    expect(Math.abs(Date.parse(timestamp) - asked)).toBeLessThan(HOUR_MS)
    expect(Math.abs(Date.parse(claudeUsage.lastUpdated) - asked)).toBeLessThan(HOUR_MS)
  })

  it.each([
    ['weeklyTokens', 'number'],
    ['monthlyTokens', 'number'],
    ['weeklyPercentage', 'number'],
    ['monthlySpend', 'number'],
    ['spendPercentage', 'number'],
    ['lastUpdated', 'string'],
  ])('finds %s as a %s to show without conversion', async (field, type) => {
    expect(typeof (await get('/claude-usage.json')).claudeUsage[field]).toBe(type)
  })

  it('gets the same figures from /api/status', async () => {
    const { claudeUsage } = await get('/claude-usage.json')
    const { last7Days, monthToDate } = await get('/api/status')
    expect([last7Days.tokens.total, monthToDate.estimatedCostUsd]).toEqual([
      claudeUsage.weeklyTokens,
      claudeUsage.monthlySpend,
    ])
  })
})

describe('a dashboard made for an older server', () => {
  it('reads /api/usage/anthropic?days=1: totals, per model, per agent and per day', async () => {
    const document = await get('/api/usage/anthropic?days=1')
    const figures = ({ tokens, requests, estimatedCostUsd }: Record<string, { total: number }>) => [
      tokens?.total,
      requests,
      estimatedCostUsd,
    ]
    expect(document).toMatchObject({ schemaVersion: 1, document: 'usage', provider: 'anthropic', complete: true })
    expect(figures(document.totals)).toEqual([8_000_000, 50, 52])
    expect(document.byModel.map((row: { model: string }) => [row.model, ...figures(row as never)])).toEqual([
      [SONNET, 6_400_000, 40, 48],
      [HAIKU, 1_600_000, 10, 4],
    ])
    expect(document.byAgent.map((row: { agent: string }) => [row.agent, ...figures(row as never)])).toEqual([
      ['main', 6_400_000, 40, 48],
      ['helper', 1_600_000, 10, 4],
    ])
    expect(document.byDay.map((row: { day: string }) => [row.day, ...figures(row as never)])).toEqual([
      [expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/), 8_000_000, 50, 52],
    ])
  })

  it('reads /api/usage/summary?days=7: seven days, every provider, the grand total', async () => {
    const { providers, grandTotal } = await get('/api/usage/summary?days=7')
    expect(providers.map(({ provider }: { provider: string }) => provider)).toEqual(['anthropic'])
    expect(providers[0].byDay).toHaveLength(7)
    expect(providers[0].byDay[6].tokens.total).toBe(8_000_000)
    expect(grandTotal).toMatchObject({
      tokens: { input: 5_000_000, output: 3_000_000, total: 8_000_000 },
      requests: 50,
      metered: { estimatedCostUsd: 52 },
      billed: { billedCostUsd: null },
    })
  })

  it.each([
    ['with JSON', { 'content-type': 'application/json' }],
    ['with a header of its own', { 'x-requested-with': 'fetch' }],
  ])('starts POST /api/usage/sync-anthropic %s', async (_, headers) => {
    const api = await startOrganizationApi({
      truth: createTruth({ seed: 7, from: Date.now() - (Date.now() % DAY_MS) - 2 * DAY_MS, days: 3 }),
      keys: { [KEY]: { kind: 'admin' } },
      now: () => Date.now(),
      generations: { analytics: false, legacy: true },
    })
    const folder = tempFolder()
    writeFileSync(join(folder, 'key'), `${KEY}\n`, { mode: 0o600 })
    const env = {
      ANTHROPIC_ADMIN_KEY_FILE: join(folder, 'key'),
      CLAUDE_USAGE_EXPORTER_ADMIN_API_BASE_URL: api.url,
    }
    const own = await startExporter({ home: folder, storage: join(folder, 'data'), env })
    try {
      const url = `${own.url}/api/usage/sync-anthropic`
      const { status, document } = await eventually('the runs to begin', async () => {
        const response = await fetch(url, { method: 'POST', headers })
        // Just after the start everything is being read for the first time; what has ended so soon may not begin again.
        if (response.status === 429 || response.status === 503) return null
        return { status: response.status, document: (await response.json()) as SyncDocument }
      })
      expect({ status, document }).toMatchObject({ status: 202, document: { schemaVersion: 1, document: 'sync' } })
      const sources = document.runs.map(({ source }) => source)
      expect(sources).toEqual(expect.arrayContaining(['anthropic-usage', 'anthropic-cost']))
      for (const { joined, run } of document.runs) {
        // A run that waits for another of its organisation has no number yet.
        expect([typeof joined, run === null || typeof run.id === 'number']).toEqual(['boolean', true])
      }
    } finally {
      await own.kill('SIGTERM')
      await api.close()
    }
  })

  it('is told what to set where no organisation is read', async () => {
    const response = await fetch(`${exporter.url}/api/usage/sync-anthropic`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { status: 404, detail: expect.stringContaining('admin_api.key'), known: expect.arrayContaining(['openclaw']) },
    ])
  })

  it('cannot start it from the page of another origin', async () => {
    const response = await fetch(`${exporter.url}/api/usage/sync-anthropic`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{}',
    })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  })
})
