import { describe, expect, it } from 'vitest'
import { picoFromDecimal } from '../../../src/core/money.ts'
import { tempLedger } from '../../support/temp.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE, type Use } from '../support/sample.ts'

async function json(line: string, uses: readonly Use[] = SAMPLE) {
  const { out, err, exitCode } = await runLine(`${line} --json`, { home: await homeWith(uses) })
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
  return JSON.parse(out)
}

async function text(line: string, uses: readonly Use[] = SAMPLE) {
  const { out, err, exitCode } = await runLine(line, { home: await homeWith(uses) })
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
  return out
}

describe('daily', () => {
  it('is documented JSON', async () => {
    expect(await json('daily --since yesterday --until yesterday')).toEqual({
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
      },
      totals: {
        tokens: { input: 1000, cacheWrite5m: 20000, cacheWrite1h: 0, cacheRead: 90000, output: 1500, total: 112500 },
        requests: 1,
        webSearches: 0,
        estimatedCostUsd: 0.2125,
        planValueUsd: 0,
        unpricedTokens: 0,
        cacheHitRatio: 90_000 / 111_000,
      },
    })
  })

  it.each([
    { tz: 'Europe/Berlin', days: { '2026-05-03': 1, '2026-05-04': 7 } },
    { tz: 'UTC', days: { '2026-05-03': 2, '2026-05-04': 6 } },
    { tz: 'Asia/Kathmandu', days: { '2026-05-04': 8 } },
  ])('begins its days in $tz', async ({ tz, days }) => {
    const { rows } = await json(`daily --tz ${tz}`)
    const found = rows.map(({ group, requests }: { group: { day: string }; requests: number }) => [group.day, requests])
    expect(Object.fromEntries(found)).toEqual(days)
  })
})

describe('groups', () => {
  it('sorts, keeps the first and adds up the rest', async () => {
    const { rows, rest, totals } = await json('models --days all --sort output --top 2')
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
    const { rows } = await json(`projects --sort ${sort}`)
    expect(rows.map(({ group }: { group: { project: string } }) => group.project)).toEqual(projects)
  })

  it('counts the sessions of a project and what one costs on average', async () => {
    const { rows } = await json('projects --project shop')
    expect(rows[0]).toMatchObject({ group: { project: 'shop' }, sessions: 2, requests: 4 })
    expect(await text('projects --project shop')).toMatch(/shop +2 .* \$0\.49 +\$0\.24 +100\.0%/)
  })

  it('tells about sessions', async () => {
    const { rows } = await json('sessions --source claude-code --sort start')
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
    const { rows } = await json('sessions', uses)
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
    expect((await json(`daily ${filter}`)).totals.requests).toBe(requests)
  })

  it('never shows nothing where a price is unknown', async () => {
    const out = await text('models --model mystery-1')
    expect(out).toMatch(/mystery-1 .* unpriced +4,000/)
    expect(out).not.toContain('$0.00')
  })

  it('never adds up what a plan covers and what costs money', async () => {
    const { totals } = await json('summary --since today --until today').then(({ windows }) => ({
      totals: windows.period,
    }))
    expect(totals.planValueUsd).toBe(0.0285)
    expect(totals.estimatedCostUsd).toBe(0.405864789)
  })
})

describe('summary', () => {
  it('has four windows, each with its bounds and kind', async () => {
    const { windows } = await json('summary')
    const bounds = Object.entries(windows).map(([name, window]) => {
      const { kind, from, to, requests } = window as Record<string, unknown>
      return { name, kind, from, to, requests }
    })
    const to = '2026-05-04T17:45:00+02:00'
    expect(bounds).toEqual([
      { name: 'today', kind: 'calendar', from: '2026-05-04T00:00:00+02:00', to, requests: 7 },
      { name: 'last7Days', kind: 'rolling', from: '2026-04-27T17:30:00+02:00', to, requests: 8 },
      { name: 'monthToDate', kind: 'calendar', from: '2026-05-01T00:00:00+02:00', to, requests: 8 },
      { name: 'allTime', kind: 'all', from: '2026-01-12T00:00:00+01:00', to, requests: 9 },
    ])
  })

  it('says what each window consists of', async () => {
    const { by, rows, moreRows } = await json('summary --by project --top 2')
    expect({ by, moreRows }).toEqual({ by: ['project'], moreRows: 3 })
    expect(
      rows.map(({ group, windows }: { group: unknown; windows: Record<string, { requests: number }> }) => [
        group,
        windows['today']?.requests,
        windows['allTime']?.requests,
      ]),
    ).toEqual([
      [{ project: 'thesis' }, 0, 1],
      [{ project: 'shop' }, 3, 4],
    ])
  })

  it.each([
    [{ cacheRead: 95, input: 5 }, 'very good (95.0% last 7 days)'],
    [{ cacheRead: 80, input: 20 }, 'good (80.0% last 7 days)'],
    [{ cacheRead: 60, input: 40 }, 'fair (60.0% last 7 days)'],
    [{ cacheRead: 10, cacheWrite5m: 90 }, 'poor (10.0% last 7 days)'],
  ])('judges cache use of %s as %s', async (tokens, verdict) => {
    expect(await text('summary', [{ at: '2026-05-04T08:00:00Z', tokens }])).toContain(`Cache      ${verdict}: `)
  })

  it('judges all of time where nothing newer is known, and nothing without a prompt', async () => {
    const old = { at: '2026-01-04T08:00:00Z', tokens: { input: 1, cacheRead: 3 } }
    expect(await text('summary', [old])).toContain('Cache      good (75.0% all time): ')
    expect(await text('summary', [{ at: '2026-05-04T08:00:00Z', tokens: { output: 1 } }])).not.toContain('Cache  ')
  })
})

describe('explain', () => {
  it('adds up to the last digit, and to what the other reports say', async () => {
    const { rows, totals, sumsOnly } = await json('explain today')
    const exact = (text: string) => picoFromDecimal(text) ?? 0n
    const sum = (billing: string) =>
      rows
        .filter((row: { billing: string }) => row.billing === billing)
        .reduce((all: bigint, { exactUsd }: { exactUsd: string }) => all + exact(exactUsd), 0n)
    expect(sum('metered')).toBe(exact(totals.exactEstimatedCostUsd))
    expect(sum('plan')).toBe(exact(totals.exactPlanValueUsd))
    expect(sumsOnly.tokens.total).toBe(0)
    for (const { costOrigin, tokenClasses, webSearches, exactUsd } of rows) {
      if (costOrigin === 'recorded') continue
      const parts = [...tokenClasses, webSearches].map((part) => exact(part.exactUsd ?? '0'))
      expect(parts.reduce((all, part) => all + part, 0n)).toBe(exact(exactUsd))
    }
    const day = await json('daily --since today')
    expect(day.totals.estimatedCostUsd).toBe(totals.estimatedCostUsd)
    expect(day.totals.tokens).toEqual(totals.tokens)
  })

  it('shows the sum of what is printed', async () => {
    const amounts = [...(await text('explain today')).matchAll(/\$([\d.,]+)$/gm)].map(
      ([, usd = '']) => picoFromDecimal(usd) ?? 0n,
    )
    const printed = (await text('explain today')).split('\n')
    const groups = printed.filter((line) => /^ {2}(together|as the log says)/.test(line))
    const total = printed.find((line) => line.startsWith('Estimated cost'))
    const plan = printed.find((line) => line.startsWith('Plan value'))
    const value = (line = '') => picoFromDecimal(/\$([\d.]+)$/.exec(line)?.[1] ?? '') ?? 0n
    expect(amounts.length).toBeGreaterThan(10)
    expect(groups.reduce((sum, line) => sum + value(line), 0n)).toBe(value(total) + value(plan))
  })

  it.each([
    ['6f1e2d3c-0000-4000-8000-000000000001', '6f1e2d3c-0000-4000-8000-000000000001'],
    ['6f1e', '6f1e2d3c-0000-4000-8000-000000000001'],
    ['main', 'main'],
  ])('finds the session %s', async (name, session) => {
    expect((await json(`explain ${name}`)).subject).toMatchObject({ kind: 'session', session })
  })

  it('takes a whole id for itself, although longer ids begin with it', async () => {
    const uses: Use[] = ['s1', 's10', 's11'].map((session) => ({
      at: '2026-05-04T08:00:00Z',
      session,
      tokens: { output: 1 },
    }))
    expect((await json('explain s1', uses)).subject.session).toBe('s1')
  })

  it('lists the sessions that a beginning may mean', async () => {
    const uses: Use[] = ['abc-1', 'abc-2'].map((session) => ({
      at: '2026-05-04T08:00:00Z',
      session,
      tokens: { output: 1 },
    }))
    const { exitCode, out, err } = await runLine('explain abc', { home: await homeWith(uses) })
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
    expect(err).toContain('Several sessions begin like this (got abc)')
    expect(err).toContain('  abc-1  2026-05-04 10:00 to 2026-05-04 10:00  claude-code')
    expect(err).toContain('  abc-2  ')
  })

  it('says so when there is no such session', async () => {
    const { exitCode, err } = await runLine('explain nothing', { home: await homeWith(SAMPLE) })
    expect(exitCode).toBe(2)
    expect(err).toContain('There is neither a day nor a session of this name (got nothing)')
  })

  it('narrows a session to a period, and groups further', async () => {
    const { rows, totals } = await json('explain 6f1e --since today --by agent')
    expect(totals.requests).toBe(2)
    expect(rows.map(({ group }: { group: unknown }) => group)).toEqual([{ agent: 'none' }, { agent: 'Explore' }])
  })

  it('adds up the ways of charging it leaves out', async () => {
    const out = await text('explain today --top 1')
    expect(out).toContain('5 more ways of charging')
    expect(out).toMatch(/Estimated cost +268,104 +\$0\.405864789/)
  })

  it('explains regional, batch and long prices by their factors', async () => {
    const uses: Use[] = [
      {
        at: '2026-05-04T08:00:00Z',
        session: 's1',
        terms: { speed: 'standard', usInference: true, tier: 'batch' },
        tokens: { input: 1_000, output: 100 },
      },
    ]
    const { rows } = await json('explain s1', uses)
    expect(rows[0].price).toContain('us x1.1, batch x0.5')
    expect(rows[0].tokenClasses[0]).toMatchObject({ usdPerMillionTokens: 2.75, exactUsd: '0.00275' })
  })

  it('keeps the sums of responses that are older than the retention, and says so', async () => {
    const home = await homeWith(SAMPLE)
    const ledger = tempLedger(ledgerPathIn(home))
    await ledger.prune(Date.parse('2026-05-03T22:00:00Z'))
    await ledger.close()
    const { out } = await runLine('explain 6f1e', { home })
    expect(out).toContain(
      'Older than storage.retention: single responses are gone, their sums remain\n  Estimated cost     112,500               $0.2125\n',
    )
    expect(out).toMatch(/Estimated cost +273,780 +\$0\.420808\n/)
    const { rows, sumsOnly, totals } = JSON.parse((await runLine('explain 6f1e --json', { home })).out)
    const exact = [...rows.map((row: { exactUsd: string }) => row.exactUsd), sumsOnly.exactEstimatedCostUsd]
    const sum = exact.reduce((all, usd) => all + (picoFromDecimal(usd) ?? 0n), 0n)
    expect(sum).toBe(picoFromDecimal(totals.exactEstimatedCostUsd))
  })
})
