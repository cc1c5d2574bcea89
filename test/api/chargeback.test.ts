import { describe, expect, it, onTestFinished } from 'vitest'
import { READS } from '../../src/api/endpoints.ts'
import { ownerSettingsOf } from '../../src/config/owners.ts'
import { NO_OWNERS } from '../../src/view/owners/part.ts'
import { loadFrom } from '../config/load-from.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { apiOn, documentOf, NOW, problemOf, query } from './support.ts'

const HOSTILE = '<script>alert(1)</script>'

async function apiWith({ owners = '[]', complete = true } = {}) {
  const ledger = tempLedger()
  onTestFinished(() => ledger.close())
  const use = (identity: string, project: string, thousands: number, time: number) =>
    usageRecord({
      identity,
      uuid: identity,
      project,
      time,
      parts: [usagePart({ output: thousands * 1_000 }, 'claude-sonnet-4-5')],
    })
  await appendBatches(
    ledger,
    [
      sourceBatch([
        use('m:1', 'web', 1, NOW - 60_000),
        use('m:2', HOSTILE, 2, NOW - 60_000),
        use('m:3', 'web', 4, Date.parse('2026-04-30T12:00:00Z')),
      ]),
    ],
    { now: NOW },
  )
  const settings = ownerSettingsOf((await loadFrom({ yaml: `owners: ${owners}` })).config)
  return apiOn({ ledger, snapshot: { complete, owners: { ...NO_OWNERS, settings } } })
}

type Api = Awaited<ReturnType<typeof apiWith>>

async function read(api: Api, text = '') {
  const document = documentOf(await api.read('/api/chargeback', {}, query(text)))
  expect(READS['/api/chargeback'].document.safeParse(document).error).toBeUndefined()
  return document as {
    rules: number
    by: string | null
    months: { month: string; running: boolean; rows: Row[]; total: Row }[]
  }
}

interface Row {
  readonly owner: string | null
  readonly team: string | null
  readonly allocated: boolean
  readonly estimatedCostUsd: number
  readonly billedCostUsd: number | null
  readonly usage?: readonly { project: string }[]
}

describe('/api/chargeback', () => {
  const OWNERS = '[{project: web, owner: ada, team: shop}]'

  it('is of the present month unless told otherwise', async () => {
    const { rules, months } = await read(await apiWith({ owners: OWNERS }))
    expect([rules, months.map(({ month, running }) => [month, running])]).toEqual([1, [['2026-05', true]]])
    expect(months[0]?.rows.map((row) => [row.owner, row.allocated, row.estimatedCostUsd, row.billedCostUsd])).toEqual([
      ['ada', true, 0.015, null],
      ['unallocated', false, 0.03, null],
    ])
    expect(months[0]?.total.estimatedCostUsd).toBe(0.045)
  })

  it('is of another month, by team, in detail, where asked for', async () => {
    const api = await apiWith({ owners: OWNERS })
    const { by, months } = await read(api, 'month=2026-04&by=team&detail=true')
    expect([by, months[0]?.month]).toEqual(['team', '2026-04'])
    expect(months[0]?.rows).toMatchObject([
      { owner: null, team: 'shop', estimatedCostUsd: 0.06, usage: [{ project: 'web' }] },
    ])
  })

  it('has everything unallocated without rules', async () => {
    const { months } = await read(await apiWith(), 'detail=true')
    expect(months[0]?.rows.map(({ owner }) => owner)).toEqual(['unallocated'])
    expect(months[0]?.rows[0]?.usage?.map(({ project }) => project)).toEqual([HOSTILE, 'web'])
  })

  it('says nothing while the history is loaded', async () => {
    const { months } = await read(await apiWith({ owners: OWNERS, complete: false }))
    expect(months).toEqual([])
  })

  it.each([
    ['month=2026-13', 'month', 'a month from 1970 on'],
    ['month=2026-06', 'month', 'not begun'],
    ['month=may', 'month', 'a month from 1970 on'],
    ['by=project', 'by', 'owner, team, cost-center'],
    ['detail=yes', 'detail', 'true, false'],
    ['mont=2026-05', 'mont', 'Did you mean month?'],
  ])('refuses %s', async (text, parameter, says) => {
    const problem = await problemOf((await apiWith()).read('/api/chargeback', {}, query(text)))
    expect([problem.status, problem.problem.parameter]).toEqual([400, parameter])
    expect(problem.message).toContain(says)
  })
})
