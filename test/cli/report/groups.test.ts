import { describe, expect, it } from 'vitest'
import { jsonReport, textReport } from '../support/report.ts'
import type { Use } from '../support/sample.ts'

describe('daily', () => {
  it('is documented JSON', async () => {
    expect(await jsonReport('daily --since yesterday --until yesterday')).toEqual({
      schemaVersion: 1,
      report: 'daily',
      generatedAt: '2026-05-04T17:31:00+02:00',
      timeZone: 'Europe/Berlin',
      freshness: {
        origin: 'synced',
        readAt: '2026-05-04T17:31:00+02:00',
        newestResponse: '2026-05-04T16:21:00+02:00',
        complete: true,
      },
      window: { kind: 'calendar', from: '2026-05-03T00:00:00+02:00', to: '2026-05-04T00:00:00+02:00' },
      filters: {},
      by: ['day'],
      rows: [
        {
          group: { day: '2026-05-03' },
          tokens: { input: 1000, cacheWrite5m: 20000, cacheWrite1h: 0, cacheRead: 90000, output: 1500, total: 112500 },
          requests: 1,
          webSearches: 0,
          estimatedCostUsd: 0.2125,
          planValueUsd: 0,
          unpricedTokens: 0,
          cacheHitRatio: 90_000 / 111_000,
          // 90,000 reads at a tenth of 5 dollars a million, 20,000 writes at a quarter more.
          cacheSavingsUsd: 0.38,
          cacheSavingsOfPlanUsd: 0,
        },
      ],
      rest: {
        rows: 0,
        tokens: { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0, total: 0 },
        requests: 0,
        webSearches: 0,
        estimatedCostUsd: 0,
        planValueUsd: 0,
        unpricedTokens: 0,
        cacheHitRatio: null,
        cacheSavingsUsd: 0,
        cacheSavingsOfPlanUsd: 0,
      },
      totals: {
        tokens: { input: 1000, cacheWrite5m: 20000, cacheWrite1h: 0, cacheRead: 90000, output: 1500, total: 112500 },
        requests: 1,
        webSearches: 0,
        estimatedCostUsd: 0.2125,
        planValueUsd: 0,
        unpricedTokens: 0,
        cacheHitRatio: 90_000 / 111_000,
        cacheSavingsUsd: 0.38,
        cacheSavingsOfPlanUsd: 0,
      },
    })
  })

  it.each([
    { tz: 'Europe/Berlin', days: { '2026-05-03': 1, '2026-05-04': 7 } },
    { tz: 'UTC', days: { '2026-05-03': 2, '2026-05-04': 6 } },
    { tz: 'Asia/Kathmandu', days: { '2026-05-04': 8 } },
  ])('begins its days in $tz', async ({ tz, days }) => {
    const { rows } = await jsonReport(`daily --tz ${tz}`)
    const found = rows.map(({ group, requests }: { group: { day: string }; requests: number }) => [group.day, requests])
    expect(Object.fromEntries(found)).toEqual(days)
  })
})

describe('groups', () => {
  it('sorts, keeps the first and adds up the rest', async () => {
    const { rows, rest, totals } = await jsonReport('models --days all --sort output --top 2')
    expect(rows.map(({ group }: { group: { model: string } }) => group.model)).toEqual([
      'claude-opus-4-6',
      'claude-opus-4-8',
    ])
    expect(rest.rows).toBe(3)
    const sum = [...rows, rest].reduce((all, { tokens }) => all + tokens.total, 0)
    expect(sum).toBe(totals.tokens.total)
  })

  it.each([
    ['name', ['blog', 'garden', 'shop', 'unknown']],
    ['name:desc', ['unknown', 'shop', 'garden', 'blog']],
    ['requests', ['shop', 'blog', 'unknown', 'garden']],
    ['cache-read', ['shop', 'garden', 'blog', 'unknown']],
    ['tokens:asc', ['unknown', 'blog', 'garden', 'shop']],
  ])('sorts by %s', async (sort, projects) => {
    const { rows } = await jsonReport(`projects --sort ${sort}`)
    expect(rows.map(({ group }: { group: { project: string } }) => group.project)).toEqual(projects)
  })

  it('counts the sessions of a project and what one costs on average', async () => {
    const { rows } = await jsonReport('projects --project shop')
    expect(rows[0]).toMatchObject({ group: { project: 'shop' }, sessions: 2, requests: 4 })
    expect(await textReport('projects --project shop')).toMatch(/shop +2 .* \$0\.49 +\$0\.24 +100\.0%/)
  })

  it('tells about sessions', async () => {
    const { rows } = await jsonReport('sessions --source claude-code --sort start')
    expect(rows.map(({ session }: { session: unknown }) => session)).toEqual([
      {
        source: 'claude-code',
        agent: 'none',
        project: 'blog',
        models: ['claude-opus-4-8', 'mystery-1'],
        first: '2026-05-04T16:20:00+02:00',
        last: '2026-05-04T16:21:00+02:00',
        durationSeconds: 60,
      },
      {
        source: 'claude-code',
        agent: 'none',
        project: 'shop',
        models: ['claude-opus-4-8'],
        first: '2026-05-04T11:00:00+02:00',
        last: '2026-05-04T11:00:00+02:00',
        durationSeconds: 0,
      },
      {
        source: 'claude-code',
        agent: 'none',
        project: 'shop',
        models: ['claude-opus-4-8', 'claude-haiku-4-5-20251001'],
        first: '2026-05-03T23:59:59+02:00',
        last: '2026-05-04T10:15:00+02:00',
        durationSeconds: 36_901,
      },
    ])
  })

  it('keeps sessions of two sources apart that share an id', async () => {
    const uses: Use[] = [
      { at: '2026-05-04T08:00:00Z', session: 'same', tokens: { output: 10 } },
      { at: '2026-05-04T08:00:00Z', session: 'same', source: 'pi', identity: 'a:1', tokens: { output: 20 } },
    ]
    const { rows } = await jsonReport('sessions', uses)
    expect(
      rows.map(({ session, tokens }: { session: { source: string }; tokens: { total: number } }) => [
        session.source,
        tokens.total,
      ]),
    ).toEqual([
      ['pi', 20],
      ['claude-code', 10],
    ])
  })

  it.each([
    ['--source pi', 1],
    ['--agent Explore', 1],
    ['--project blog', 2],
    ['--model claude-opus-4-8', 4],
    ['--provider openrouter', 1],
    ['--billing plan', 1],
    ['--project shop --model claude-opus-4-8', 3],
  ])('narrows down to %s', async (filter, requests) => {
    expect((await jsonReport(`daily ${filter}`)).totals.requests).toBe(requests)
  })

  it('never shows nothing where a price is unknown', async () => {
    const out = await textReport('models --model mystery-1')
    expect(out).toMatch(/mystery-1 .* unpriced +4,000/)
    expect(out).not.toContain('$0.00')
  })

  it('never adds up what a plan covers and what costs money', async () => {
    const { totals } = await jsonReport('summary --since today --until today').then(({ windows }) => ({
      totals: windows.period,
    }))
    expect(totals.planValueUsd).toBe(0.0285)
    expect(totals.estimatedCostUsd).toBe(0.405864789)
  })
})
