import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runLine } from '../../cli/support/fake-io.ts'
import { type ServedApi, serveSample } from './support.ts'

let api: ServedApi
let series: ReadonlyMap<string, string>

beforeAll(async () => {
  api = await serveSample()
  const lines = (await api.get('/metrics')).body.toString().split('\n')
  series = new Map(lines.filter((line) => !line.startsWith('#')).map((line) => splitAt(line, line.lastIndexOf(' '))))
})

afterAll(async () => {
  await api.stop()
})

/** Sum over the series of a family. */
function metric(family: string, labels = ''): number {
  let sum = 0
  for (const [name, value] of series) if (name.startsWith(`${family}{`) && name.includes(labels)) sum += Number(value)
  return sum
}

async function command(line: string): Promise<Record<string, unknown>> {
  const { out } = await runLine(`${line} --json --config.file ${api.config}`, { home: api.home })
  return JSON.parse(out)
}

describe('the API and /metrics, at the same instant', () => {
  it.each([
    { window: 'today', suffix: 'today' },
    { window: 'last7Days', suffix: '7d' },
    { window: 'monthToDate', suffix: 'month_to_date' },
  ])('agree on $window', async ({ window, suffix }) => {
    const status = await api.json('/api/status')
    const { tokens, estimatedCostUsd } = status[window] as { tokens: Record<string, number>; estimatedCostUsd: number }
    const classes = {
      input: 'input',
      cacheWrite5m: 'cache_write_5m',
      cacheWrite1h: 'cache_write_1h',
      cacheRead: 'cache_read',
      output: 'output',
    }
    for (const [name, label] of Object.entries(classes)) {
      expect(tokens[name]).toBe(metric(`claude_tokens_${suffix}`, `token_type="${label}"`))
    }
    expect(tokens['total']).toBe(metric(`claude_tokens_${suffix}`))
    expect(tokens['total']).toBeGreaterThan(0)
    expect(estimatedCostUsd).toBeCloseTo(metric(`claude_estimated_cost_${suffix}_usd`), 9)
  })

  it('agree on today, read from the ledger', async () => {
    const { grandTotal } = await api.json('/api/usage/summary?days=1')
    const { tokens, metered } = grandTotal as { tokens: { total: number }; metered: { estimatedCostUsd: number } }
    expect(tokens.total).toBe(metric('claude_tokens_today'))
    expect(metered.estimatedCostUsd).toBeCloseTo(metric('claude_estimated_cost_today_usd'), 9)
  })

  it('agree on a provider and its models', async () => {
    const { byModel } = await api.json('/api/usage/anthropic?days=1')
    for (const { model, tokens } of byModel as { model: string; tokens: { total: number } }[]) {
      expect(tokens.total).toBe(metric('claude_tokens_today', `provider="anthropic",model="${model}"`))
    }
  })

  it('agree on budgets', async () => {
    const { budgets } = await api.json('/api/budgets')
    for (const { name, usedRatio, unit, limit } of budgets as Record<string, string | number>[]) {
      expect(usedRatio).toBe(metric('claude_budget_used_ratio', `budget="${name}"`))
      expect(limit).toBe(metric(`claude_budget_limit_${unit}`, `budget="${name}"`))
    }
    expect(budgets).toHaveLength(3)
  })

  it('agree on prices', async () => {
    const { rows } = await api.json('/api/prices?limit=1000')
    for (const { model, usdPerMillionTokens } of rows as { model: string; usdPerMillionTokens: { input: number } }[]) {
      const price = metric('claude_model_price_usd_per_token', `{model="${model}",token_type="input"}`)
      expect(usdPerMillionTokens.input).toBeCloseTo(price * 1e6, 9)
    }
  })
})

describe('the API and the commands, at the same instant', () => {
  const BILLED = { billedCostUsd: null }

  it.each(['projects', 'models', 'agents', 'sessions'])('agree on %s', async (name) => {
    const told = (await command(`${name} --days all --top 1000`)) as {
      rows: { group: object; session?: object; sessions?: number }[]
      totals: object
    }
    const asked = (await api.json(`/api/${name}?days=all`)) as {
      rows: object[]
      totals: object
      page: { total: number }
    }
    expect(asked.totals).toEqual({ ...told.totals, ...BILLED })
    expect(asked.page.total).toBe(told.rows.length)
    expect(asked.rows.map((row) => ({ ...row, modelInUse: 0, activeSessions: 0 }))).toEqual(
      told.rows.map(({ group, session, ...usage }) => ({
        ...group,
        ...session,
        ...usage,
        ...BILLED,
        modelInUse: 0,
        activeSessions: 0,
      })),
    )
  })

  it.each([
    ['--by model,project --days 30 --tz UTC', 'by=model,project&days=30&tz=UTC', 'groups'],
    ['--days 7 --sort tokens --provider anthropic', 'days=7', 'byDay'],
  ])('agree on daily %s', async (line, query, list) => {
    const told = (await command(`daily --provider anthropic ${line}`)) as { totals: object }
    const asked = await api.json(`/api/usage/anthropic?${query}`)
    expect(asked['totals']).toEqual({ ...told.totals, ...BILLED })
    expect((asked[list] as unknown[]).length).toBeGreaterThan(0)
  })

  it('agree on the days with use', async () => {
    const told = (await command('daily --days 200 --provider anthropic')) as { rows: { group: { day: string } }[] }
    const { byDay } = (await api.json('/api/usage/anthropic?days=200')) as {
      byDay: { day: string; requests: number }[]
    }
    const used = byDay.filter(({ requests }) => requests > 0)
    expect(used).toEqual(told.rows.map(({ group, ...usage }) => ({ ...group, ...usage, ...BILLED })))
    expect(byDay).toHaveLength(200)
  })

  it('agree on budgets', async () => {
    const told = await command('budgets --no-sync')
    const asked = await api.json('/api/budgets')
    // Beside an exporter a command knows of what was stored, not of how long nothing was.
    const comparable = ({ budgets, worstState }: Record<string, unknown>) => ({
      worstState,
      budgets: (budgets as Record<string, unknown>[]).map(({ dataTo: _, forecast: __, ...budget }) => budget),
    })
    expect(comparable(asked)).toEqual(comparable(told))
  })

  it('agree on runs', async () => {
    const { runs } = await command('runs')
    expect((await api.json('/api/runs'))['rows']).toEqual(runs)
  })
})

describe('pages of a list', () => {
  it('put together are the whole list', async () => {
    const whole = (await api.json('/api/sessions?days=all')) as { rows: unknown[] }
    const rows: unknown[] = []
    for (let next: number | null = 0; next !== null; ) {
      const page = (await api.json(`/api/sessions?days=all&limit=2&offset=${next}`)) as {
        rows: unknown[]
        page: { next: number | null; total: number }
      }
      rows.push(...page.rows)
      expect(page.page.total).toBe(whole.rows.length)
      next = page.page.next
    }
    expect(rows).toEqual(whole.rows)
    expect(rows.length).toBeGreaterThan(4)
  })

  it('end where there is no more', async () => {
    expect(await api.json('/api/sessions?offset=1000')).toMatchObject({ rows: [], page: { next: null } })
  })
})

function splitAt(text: string, index: number): [string, string] {
  return [text.slice(0, index), text.slice(index + 1)]
}
