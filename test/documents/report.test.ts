import { describe, expect, it } from 'vitest'
import { checkList } from '../../src/documents/check-list.ts'
import { withSection } from '../../src/documents/files/section.ts'
import { sectionWrittenAt } from '../../src/documents/markdown/section.ts'
import { renderDocument } from '../../src/documents/render.ts'
import type { Overview } from '../../src/overview/overview.ts'
import { cellsByEscape, cellsByPipe, openText, tablesOf } from './gfm.ts'
import { hostileOverview, NO_PARTS, overviewOf } from './support.ts'

const USE = [
  { day: '2026-04-22', output: 1_000_000 },
  { day: '2026-05-01', output: 2_000_000 },
  { day: '2026-05-03', output: 1_000_000, project: 'blog' },
  { day: '2026-05-04', output: 4_000_000 },
]

const markdown = (overview: Overview) => renderDocument('markdown', overview, NO_PARTS)

function partOf(text: string, title: string): string {
  return text.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? ''
}

function budgetOf(overview: Overview, changes: Partial<Overview['budgets']['budgets'][number]>): Overview {
  const [budget] = overview.budgets.budgets
  if (budget === undefined) throw new Error('the sample has no budget')
  const all = { ...budget, scope: {}, unit: 'usd' as const, basis: 'estimated_cost' as const, ...changes }
  return { ...overview, budgets: { ...overview.budgets, budgets: [all] } }
}

const MONTHLY = {
  name: 'monthly',
  period: { name: 'month', start: '2026-05-01T00:00:00Z', end: '2026-06-01T00:00:00Z', timeZone: 'UTC' },
  limit: 100,
  spent: 82,
  usedRatio: 0.82,
  remaining: 18,
  state: 'warning' as const,
  unknownReason: null,
  forecast: { expected: 130, low: 110, high: 150 },
  exhaustsAt: '2026-05-20T10:00:00Z',
}

describe('the report', () => {
  it('has every part, and says of when and where it is', async () => {
    const text = markdown(await overviewOf(USE))
    expect(text).toMatch(/^# Claude usage report, 4 May 2026\n\nPeriod: 5 April 2026 to 4 May 2026, 15:31 \(UTC\)\.\n/)
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
      'Executive summary',
      'Key figures',
      'Budgets',
      'Trend',
      'Causes',
      'Alerts',
      'Advice',
      'Check-list',
      'Plan windows',
      'About these figures',
    ])
    expect(text.endsWith('\n')).toBe(true)
  })

  it('is the same for the same overview', async () => {
    const overview = await overviewOf(USE)
    for (const format of ['markdown', 'section', 'json', 'status', 'html'] as const) {
      expect(renderDocument(format, overview, NO_PARTS)).toBe(renderDocument(format, overview, NO_PARTS))
    }
  })

  it('sums up spending, budget with forecast, trend, causes and what to do', async () => {
    const overview = budgetOf(await overviewOf(USE), MONTHLY)
    const summary = partOf(markdown(overview), 'Executive summary')
    expect(summary).toContain('In May 2026 so far, ')
    expect(summary).toContain(
      'Of budget `monthly` **82 %** is used ($82.00 of $100.00), and it is expected to stand at about $130.00 when it is renewed on 1 June: $30.00 above the limit, which it reaches on 20 May.',
    )
    // 3 million tokens of output at $25 in the 7 days to yesterday, 1 million before.
    expect(summary).toContain(
      'In the 7 days to 3 May 2026, estimated cost rose by 200 %: $75.00, after $25.00 in the 7 days before.',
    )
    expect(summary).toContain('project `shop` ($150.00, 86 %) and model `claude-opus-4-8` (100 %)')
    expect(summary).toMatch(/alerts? (is|are) active/)
  })

  it.each([
    [
      'a budget over its limit',
      { spent: 250, usedRatio: 2.5, remaining: -150, state: 'exceeded' as const },
      'Of budget `monthly` **250 %** is used ($250.00 of $100.00)',
    ],
    [
      'a budget that will do',
      { forecast: { expected: 90, low: 80, high: 99 }, exhaustsAt: null },
      '1 June: 90 % of the limit.',
    ],
    ['no forecast', { forecast: null }, 'and it is too early for a forecast'],
    [
      'a budget nothing is known of',
      {
        spent: null,
        usedRatio: null,
        remaining: null,
        forecast: null,
        state: 'unknown' as const,
        unknownReason: 'stale' as const,
      },
      'How budget `monthly` stands is unknown: its data are too old.',
    ],
  ])('tells of %s', async (_, changes, words) => {
    const overview = budgetOf(await overviewOf(USE), { ...MONTHLY, ...changes })
    expect(partOf(markdown(overview), 'Executive summary')).toContain(words)
  })

  it('says that nothing is budgeted, advised or to be done where that is so', async () => {
    const overview = await overviewOf(USE)
    const bare: Overview = {
      ...overview,
      budgets: { ...overview.budgets, budgets: [], balances: [] },
      alerts: { ...overview.alerts, rows: [] },
      advice: { ...overview.advice, rows: [] },
      sources: { ...overview.sources, rows: [] },
    }
    const text = markdown(bare)
    expect(text).toContain('No budget is configured that would say whether this is too much.')
    expect(text).toContain('No alert is active, and nothing calls for a change.')
    expect(partOf(text, 'Check-list')).toContain('Nothing to do.')
    expect(partOf(text, 'Alerts')).toContain('None is active.')
  })

  it('shows what is not known as unknown, never as 0', async () => {
    const overview = await overviewOf([])
    const loading: Overview = {
      ...overview,
      days: [],
      status: { ...overview.status, complete: false, today: null, last7Days: null, monthToDate: null },
      agents: { ...overview.agents, complete: false, totals: null, rows: [] },
      advice: { ...overview.advice, complete: false, rows: [] },
    }
    const text = markdown(loading)
    expect(partOf(text, 'Executive summary')).toContain('still being read for the first time')
    expect(partOf(text, 'Key figures')).toContain('| Tokens | unknown | unknown | unknown |')
    expect(partOf(text, 'Key figures')).not.toMatch(/\$0|\| 0 /)
    expect(partOf(text, 'Causes')).toContain('Unknown while the history of the logs is read.')
    expect(renderDocument('section', loading, NO_PARTS)).toContain('| Tokens | unknown | unknown | unknown |')
  })

  it('has shares that add up to the whole', async () => {
    const projects = Array.from({ length: 9 }, (_, index) => ({
      day: '2026-05-03',
      output: 100_000,
      project: `p${index}`,
    }))
    const causes = partOf(markdown(await overviewOf(projects)), 'Causes')
    const rows =
      causes
        .split('### By project')[1]
        ?.split('###')[0]
        ?.match(/\| (\d+(?:\.\d)?) % \| \$/g) ?? []
    expect(rows.map((row) => Number(/[\d.]+/.exec(row)?.[0])).reduce((sum, share) => sum + share, 0)).toBeCloseTo(
      100,
      -1,
    )
    expect(causes).toContain('| 4 more | $10.00 | 44 % |')
  })

  it('says when it is written again', async () => {
    const overview = await overviewOf(USE)
    expect(markdown(overview)).toContain('Next report: not scheduled.')
    const nextAt = Date.parse('2026-05-05T08:00:00Z')
    expect(renderDocument('markdown', overview, { ...NO_PARTS, nextAt })).toContain('Next report: 2026-05-05 08:00.')
    expect(renderDocument('section', overview, { ...NO_PARTS, nextAt })).toContain('next update: 2026-05-05 08:00.')
  })
})

describe('with hostile names', () => {
  it.each(['markdown', 'section'] as const)('%s has whole tables and no markup of theirs', async (format) => {
    const overview = await hostileOverview()
    const text = renderDocument(format, overview, NO_PARTS)
    const tables = tablesOf(text)
    expect(tables.length).toBeGreaterThan(1)
    for (const [head = '', ...rows] of tables) {
      for (const row of rows) {
        expect(cellsByPipe(row)).toHaveLength(cellsByPipe(head).length)
        expect(cellsByEscape(row)).toHaveLength(cellsByPipe(head).length)
      }
    }
    const own = /^<!-- written \S+ by claude-usage-exporter 1\.2\.3: .* -->$/
    for (const line of text.split('\n').filter((one) => !own.test(one))) {
      const open = openText(line.replace(/^#{1,3} |\]\(https:\/\/example\.com\/runbook\.md\)/g, ''))
      expect(open).not.toMatch(/<(?![$0])|[>&~@#_]|:\/\/|!\[/)
      expect(line.length).toBeLessThan(3_000)
    }
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(text).not.toContain('x'.repeat(1_000))
  })

  it('a section never ends itself early', async () => {
    const section = renderDocument('section', await hostileOverview(), NO_PARTS)
    const once = withSection(Buffer.from('# Mine\n'), section, 'f')
    expect(withSection(once, section, 'f')).toEqual(once)
    expect(withSection(once, 'x\n', 'f').toString()).toMatch(
      /^# Mine\n\n<!-- claude-usage-exporter:begin -->\nx\n<!-- /,
    )
  })
})

describe('the check-list', () => {
  it('names a thing once, advice before alerts, with the page that says what to do', async () => {
    const overview = budgetOf(await overviewOf(USE), MONTHLY)
    const alert = {
      severity: 'critical' as const,
      summary: 's',
      labels: { budget: 'monthly' },
      runbook: 'https://example.com/r.md',
    }
    const alerts = [
      { ...alert, name: 'A', description: 'first' },
      { ...alert, name: 'B', description: 'second' },
    ]
    const told = { ...overview, alerts: { ...overview.alerts, rows: alerts }, advice: { ...overview.advice, rows: [] } }
    const about = (list: Overview) => checkList(list).filter(({ text }) => /first|second|monthly|Spend/.test(text))
    expect(about(told)).toEqual([{ text: 'Look into this: first', link: 'https://example.com/r.md' }])
    const advice = {
      id: 'spend_less_per_day:monthly',
      kind: 'spend_less_per_day' as const,
      urgency: 'now' as const,
      title: 'Spend less.',
      detail: '',
      savingUsdPer30Days: null,
      planValueUsdPer30Days: null,
      formula: null,
      labels: { budget: 'monthly' },
    }
    const advised = { ...told, advice: { ...overview.advice, rows: [advice] } }
    expect(about(advised)).toEqual([{ text: 'Spend less.', link: 'https://example.com/r.md' }])
  })

  it('has budgets no alert is about, sources that fail, models without a price', async () => {
    const overview = budgetOf(await overviewOf(USE), { ...MONTHLY, state: 'ok' })
    const [source] = overview.sources.rows
    const [model] = overview.models.rows
    if (!source || !model) throw new Error('the sample has none')
    const list = checkList({
      ...overview,
      alerts: { ...overview.alerts, rows: [] },
      advice: { ...overview.advice, rows: [] },
      sources: {
        ...overview.sources,
        rows: [
          { ...source, source: 'claude-code', up: false, lastSuccess: '2026-05-01T10:00:00Z' },
          { ...source, source: 'pi', up: false, lastSuccess: null, files: 0 },
        ],
      },
      models: { ...overview.models, rows: [{ ...model, model: 'mystery-1', unpricedTokens: 4_000 }] },
      windows: { ...overview.windows, rows: [] },
    }).map(({ text }) => text)
    expect(list).toEqual([
      'Slow down what budget monthly is for, or raise its limit: it is forecast to end at $130.00 at a limit of $100.00.',
      'Make source claude-code readable again; it was last read 2026-05-01 10:00.',
      'Set a price for model mystery-1 (pricing.overrides): 4,000 tokens are in no amount.',
    ])
  })
})

describe('the other formats', () => {
  it('json is the document of older scripts, status that of the API', async () => {
    const overview = await overviewOf(USE)
    expect(JSON.parse(renderDocument('json', overview, NO_PARTS))).toEqual(overview.claudeUsage)
    expect(JSON.parse(renderDocument('status', overview, NO_PARTS))).toEqual(
      JSON.parse(JSON.stringify(overview.status)),
    )
  })

  it('html asks for nothing beside itself', async () => {
    const text = renderDocument('html', await hostileOverview(), NO_PARTS)
    expect(text).toMatch(/^<!doctype html>/i)
    const asked = [...text.matchAll(/<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)="([^"]*)"/gi)]
    expect(asked.map(([, address]) => address).filter((address) => !address?.startsWith('data:'))).toEqual([])
    expect(text.includes('<script>alert(1)')).toBe(false)
  })

  it('a section tells when it was written', async () => {
    const overview = await overviewOf(USE)
    expect(sectionWrittenAt(renderDocument('section', overview, NO_PARTS))).toBe(overview.at)
    expect(sectionWrittenAt('# Mine\n')).toBeNull()
  })
})
