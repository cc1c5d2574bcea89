import { describe, expect, it } from 'vitest'
import { organizationUsage } from '../../src/api/organization-usage.ts'
import type { Period } from '../../src/report/period.ts'
import { tempLedger } from '../support/temp.ts'
import { costRow, daily, day, usageRow } from '../view/organization-support.ts'

const USD = 1_000_000_000_000n

const period = (from: string, to: string, isOpen = false): Period => ({
  from: Date.parse(from),
  to: Date.parse(to),
  kind: 'calendar',
  isOpen,
})

async function read(asked: Period, organizations: readonly string[] = ['default']) {
  const ledger = tempLedger()
  // The bill of 10 to 13 November, the use of 11 to 13 November.
  await ledger.replaceCost(
    daily(day('2026-11-10'), day('2026-11-14'), [
      costRow(day('2026-11-10'), { amountPico: 5n * USD }),
      costRow(day('2026-11-12'), { amountPico: 2n * USD, model: 'claude-opus-4-5-20251101' }),
      costRow(day('2026-11-12'), { amountPico: -USD, costType: 'web_search', model: 'none' }),
    ]),
  )
  await ledger.replaceUsage(
    daily(day('2026-11-11'), day('2026-11-14'), [
      usageRow(day('2026-11-12')),
      usageRow(day('2026-11-13'), { model: 'claude-haiku-4-5', requests: null }),
    ]),
  )
  try {
    return await organizationUsage(ledger, {
      period: asked,
      organizations,
      modelName: (id) => id.replace(/-20\d{6}$/, ''),
    })
  } finally {
    await ledger.close()
  }
}

const utc = (from: string, to: string) => ({ from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` })

describe('what organisations say about a range', () => {
  it('is nothing where none is read', async () => {
    expect(await read(period('2026-11-10T00:00:00Z', '2026-11-14T00:00:00Z'), [])).toBeNull()
  })

  it('is of its whole UTC days', async () => {
    const found = await read(period('2026-11-11T08:00:00Z', '2026-11-14T08:00:00Z'))
    expect(found).toMatchObject({
      range: utc('2026-11-12', '2026-11-14'),
      billedRange: utc('2026-11-12', '2026-11-14'),
      usageRange: utc('2026-11-12', '2026-11-14'),
      billedCostUsd: 1,
      tokens: { input: 2, cacheWrite5m: 4, cacheWrite1h: 6, cacheRead: 8, output: 10, total: 30 },
      requests: null,
    })
    expect(found?.byDay.map((row) => [row.day, row.billedCostUsd, row.tokens?.total, row.requests])).toEqual([
      ['2026-11-12', 1, 15, 1],
      ['2026-11-13', 0, 15, null],
    ])
    expect(found?.byModel.map((row) => [row.model, row.billedCostUsd, row.tokens?.total])).toEqual([
      ['claude-haiku-4-5', 0, 15],
      ['claude-opus-4-5', 2, 15],
      ['none', -1, 0],
    ])
  })

  it('is not known where its first day is not', async () => {
    const found = await read(period('2026-11-10T00:00:00Z', '2026-11-14T00:00:00Z'))
    expect(found).toMatchObject({ billedCostUsd: 6, usageRange: null, tokens: null, requests: null })
    expect(found?.byDay[0]).toEqual({ day: '2026-11-10', billedCostUsd: 5, tokens: null, requests: null })
    expect(await read(period('2026-11-09T00:00:00Z', '2026-11-14T00:00:00Z'))).toMatchObject({
      billedRange: null,
      billedCostUsd: null,
      byModel: [],
    })
  })

  it('reaches as far as it is known where the range ends later', async () => {
    expect(await read(period('2026-11-12T00:00:00Z', '2026-11-15T10:15:00Z', true))).toMatchObject({
      range: utc('2026-11-12', '2026-11-16'),
      billedRange: utc('2026-11-12', '2026-11-14'),
      billedCostUsd: 1,
    })
  })

  it('is nothing for a range without a whole UTC day', async () => {
    expect(await read(period('2026-11-12T08:00:00Z', '2026-11-13T08:00:00Z'))).toMatchObject({
      range: null,
      billedRange: null,
      billedCostUsd: null,
      tokens: null,
      byDay: [],
    })
  })

  it('is not known in all where one organisation does not know it', async () => {
    const found = await read(period('2026-11-12T00:00:00Z', '2026-11-14T00:00:00Z'), ['default', 'other'])
    expect(found).toMatchObject({ billedCostUsd: null, tokens: null })
    expect(found?.byOrganization.map(({ organization, billedCostUsd }) => [organization, billedCostUsd])).toEqual([
      ['default', 1],
      ['other', null],
    ])
  })
})
