import { describe, expect, it } from 'vitest'
import { sectionWrittenAt } from '../../src/documents/markdown/section.ts'
import { renderDocument } from '../../src/documents/render.ts'
import type { Overview } from '../../src/overview/overview.ts'
import { hostileOverview, MONTHLY, NO_PARTS, overviewOf, USE, withBudget } from './support.ts'

const markdown = (overview: Overview) => renderDocument('markdown', overview, NO_PARTS)

function partOf(text: string, title: string): string {
  return text.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? ''
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
    const overview = withBudget(await overviewOf(USE), MONTHLY)
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
    const overview = withBudget(await overviewOf(USE), { ...MONTHLY, ...changes })
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
        ?.match(/\$[\d.]+ \| (\d+(?:\.\d)?) % \|/g) ?? []
    expect(rows.map((row) => Number(/([\d.]+) %/.exec(row)?.[1])).reduce((sum, share) => sum + share, 0)).toBeCloseTo(
      100,
      -1,
    )
    expect(causes).toContain('| 4 more | $10.00 | 44 % |')
  })

  it('says when it is written again where that is known', async () => {
    const overview = await overviewOf(USE)
    expect(markdown(overview)).not.toContain('Next report')
    expect(renderDocument('section', overview, NO_PARTS)).not.toContain('next update')
    const nextAt = Date.parse('2026-05-05T08:00:00Z')
    expect(renderDocument('markdown', overview, { ...NO_PARTS, nextAt })).toContain('Next report: 2026-05-05 08:00.')
    expect(renderDocument('section', overview, { ...NO_PARTS, nextAt })).toContain('next update: 2026-05-05 08:00.')
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
