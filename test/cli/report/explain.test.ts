import { describe, expect, it } from 'vitest'
import { picoFromDecimal } from '../../../src/core/money.ts'
import { tempLedger } from '../../support/temp.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'
import { jsonReport, textReport } from '../support/report.ts'
import { homeWith, SAMPLE, type Use } from '../support/sample.ts'

describe('explain', () => {
  it('adds up to the last digit, and to what the other reports say', async () => {
    const { rows, totals, sumsOnly } = await jsonReport('explain today')
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
    const day = await jsonReport('daily --since today')
    expect(day.totals.estimatedCostUsd).toBe(totals.estimatedCostUsd)
    expect(day.totals.tokens).toEqual(totals.tokens)
  })

  it('shows the sum of what is printed', async () => {
    const amounts = [...(await textReport('explain today')).matchAll(/\$([\d.,]+)$/gm)].map(
      ([, usd = '']) => picoFromDecimal(usd) ?? 0n,
    )
    const printed = (await textReport('explain today')).split('\n')
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
    expect((await jsonReport(`explain ${name}`)).subject).toMatchObject({ kind: 'session', session })
  })

  it('takes a whole id for itself, although longer ids begin with it', async () => {
    const uses: Use[] = ['s1', 's10', 's11'].map((session) => ({
      at: '2026-05-04T08:00:00Z',
      session,
      tokens: { output: 1 },
    }))
    expect((await jsonReport('explain s1', uses)).subject.session).toBe('s1')
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
    const { rows, totals } = await jsonReport('explain 6f1e --since today --by agent')
    expect(totals.requests).toBe(2)
    expect(rows.map(({ group }: { group: unknown }) => group)).toEqual([{ agent: 'none' }, { agent: 'Explore' }])
  })

  it('adds up the ways of charging it leaves out', async () => {
    const out = await textReport('explain today --top 1')
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
    const { rows } = await jsonReport('explain s1', uses)
    expect(rows[0].price).toContain('us x1.1, batch x0.5')
    expect(rows[0].tokenClasses[0]).toMatchObject({ usdPerMillionTokens: 2.75, exactUsd: '0.00275' })
  })

  it('keeps the sums of responses that are older than the retention, and says so', async () => {
    const home = await homeWith(SAMPLE)
    const ledger = tempLedger(ledgerPathIn(home))
    await ledger.prune(Date.parse('2026-05-03T22:00:00Z'))
    await ledger.close()
    const { out } = await runLine('explain 6f1e', { home })
    expect(out).toMatch(/Older than storage\.retention: .* their sums remain\n {2}Estimated cost +112,500 +\$0\.2125\n/)
    expect(out).toMatch(/Estimated cost +273,780 +\$0\.420808\n/)
    const { rows, sumsOnly, totals } = JSON.parse((await runLine('explain 6f1e --json', { home })).out)
    const exact = [...rows.map((row: { exactUsd: string }) => row.exactUsd), sumsOnly.exactEstimatedCostUsd]
    const sum = exact.reduce((all, usd) => all + (picoFromDecimal(usd) ?? 0n), 0n)
    expect(sum).toBe(picoFromDecimal(totals.exactEstimatedCostUsd))
  })
})
