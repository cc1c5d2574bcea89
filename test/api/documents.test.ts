import { describe, expect, it } from 'vitest'
import { claudeUsageDocument } from '../../src/api/claude-usage.ts'
import { READS } from '../../src/api/endpoints.ts'
import { READ_PATHS } from '../../src/api/paths.ts'
import type { BudgetFigures } from '../../src/budgets/figures.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { sampleBudgets } from '../metrics/sample-budgets.ts'
import { sampleOrganizations } from '../metrics/sample-organizations.ts'
import { sampleSnapshot } from '../metrics/sample-snapshot.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usageRecord } from '../support/usage-record.ts'
import { apiOn, documentOf, NOW, problemOf, query } from './support.ts'

const LISTS_OF_USE: readonly string[] = ['/api/sessions', '/api/projects', '/api/agents', '/api/models']
const NONE = { organizations: [], reconciliation: null }
const of = (changes: Partial<Snapshot>) =>
  claudeUsageDocument({ ...sampleSnapshot, organizations: NONE, budgets: [], balances: [], ...changes }, NOW)
    .claudeUsage

function budget(changes: {
  name: string
  basis: BudgetFigures['budget']['basis']
  period: Partial<BudgetFigures['budget']['period']>
  scope?: BudgetFigures['budget']['scope']
  usedRatio: number | null
}): BudgetFigures {
  const [sample] = sampleBudgets
  if (sample === undefined) throw new Error('no sample')
  const { usedRatio, period, scope = {}, ...rest } = changes
  return {
    ...sample,
    usedRatio,
    budget: { ...sample.budget, ...rest, scope, period: { ...sample.budget.period, days: 0, ...period } },
  }
}

describe('/claude-usage.json', () => {
  it('is read as a widget of the older scripts reads it', async () => {
    const answer = await apiOn({ snapshot: { budgets: [], balances: [] } }).read('/claude-usage.json', {}, query())
    const { timestamp, claudeUsage } = JSON.parse(answer.bytes.toString())
    expect(new Date(timestamp).getTime()).toBe(NOW)
    expect(Math.round(claudeUsage.weeklyTokens / 10) / 100).toBe(0.46)
    expect(claudeUsage.monthlyTokens).toBe(1_270)
    expect(claudeUsage.monthlySpend.toFixed(2)).toBe('0.00')
    expect(Object.keys(claudeUsage)).toEqual([
      'weeklyTokens',
      'monthlyTokens',
      'weeklyPercentage',
      'monthlySpend',
      'spendKind',
      'spendPercentage',
      'balance',
      'lastUpdated',
    ])
  })

  it('has percentages of the first budget of its kind for everything, not cut off', () => {
    const budgets = [
      budget({ name: 'day', basis: 'session_tokens', period: { kind: 'day' }, usedRatio: 0.1 }),
      budget({
        name: 'shop',
        basis: 'session_tokens',
        period: { kind: 'week' },
        scope: { project: ['shop'] },
        usedRatio: 0.2,
      }),
      budget({ name: 'week', basis: 'session_tokens', period: { kind: 'rolling', days: 7 }, usedRatio: 1.07 }),
      budget({ name: 'later', basis: 'session_tokens', period: { kind: 'week' }, usedRatio: 0.4 }),
      budget({ name: 'rolling', basis: 'estimated_cost', period: { kind: 'rolling', days: 30 }, usedRatio: 0.5 }),
      budget({ name: 'month', basis: 'billed_cost', period: { kind: 'month' }, usedRatio: 12.5 }),
    ]
    expect(of({ budgets })).toMatchObject({ weeklyPercentage: 107, spendPercentage: 1_250 })
  })

  it.each([
    { what: 'there is no budget', budgets: [] },
    {
      what: 'it is not known',
      budgets: [budget({ name: 'm', basis: 'estimated_cost', period: { kind: 'month' }, usedRatio: null })],
    },
  ])('has no percentage where $what', ({ budgets }) => {
    expect(of({ budgets })).toMatchObject({ weeklyPercentage: null, spendPercentage: null })
  })

  it('has the bill for spend where the bill of every organisation is known', () => {
    const known = sampleOrganizations.organizations.filter(({ billedMonthToDate }) => billedMonthToDate !== null)
    expect(known.length).toBeGreaterThan(0)
    const billed = known.flatMap(({ billedMonthToDate }) => billedMonthToDate ?? [])
    const usd = Number(billed.reduce((sum, { pico }) => sum + pico, 0n)) / 1e12
    const document = of({ organizations: { organizations: known, reconciliation: null } })
    expect(document.spendKind).toBe('billed')
    expect(document.monthlySpend).toBeCloseTo(usd, 9)
    const unknown = known.map((organization) => ({ ...organization, billedMonthToDate: null }))
    expect(of({ organizations: { organizations: unknown, reconciliation: null } }).spendKind).toBe('estimated')
  })

  it('says nothing of use while the history is loaded', () => {
    expect(of({ complete: false })).toMatchObject({ weeklyTokens: null, monthlyTokens: null, monthlySpend: null })
  })
})

describe('documents of a snapshot with everything in it', () => {
  it.each(READ_PATHS)('%s is as its schema says', async (path) => {
    const api = apiOn({ snapshot: { ...sampleSnapshot, organizations: sampleOrganizations } })
    const document = documentOf(await api.read(path, { provider: 'anthropic' }, query()))
    expect(READS[path].document.safeParse(document).error).toBeUndefined()
  })

  it('/api/sources shows no path', async () => {
    const answer = await apiOn({ snapshot: sampleSnapshot }).read('/api/sources', {}, query())
    expect(answer.bytes.toString()).not.toContain('/home/ada')
  })

  const MISSING = { path: '/home/ada/.pi', state: 'missing', problem: null } as const
  it.each([
    { when: 'of an agent that is not installed', roots: [MISSING], watermark: null, inUse: false, up: null },
    { when: 'of an agent that was removed', roots: [MISSING], watermark: NOW, inUse: true, up: false },
    {
      when: 'of a folder that may not be read',
      roots: [{ ...MISSING, state: 'unreadable', problem: 'EACCES' } as const],
      watermark: null,
      inUse: true,
      up: false,
    },
  ])('/api/sources tells $when', async ({ roots, watermark, inUse, up }) => {
    const [source] = sampleSnapshot.sources
    if (source === undefined) throw new Error('the sample has no source')
    const sources = [{ ...source, roots, watermark, up: false }]
    const answer = await apiOn({ snapshot: { ...sampleSnapshot, sources } }).read('/api/sources', {}, query())
    expect(documentOf(answer)).toMatchObject({
      rows: expect.arrayContaining([expect.objectContaining({ source: source.source, inUse, up })]),
    })
  })
})

describe('while the history is loaded', () => {
  it.each(READ_PATHS)('%s says so, and tells no sums', async (path) => {
    const ledger = tempLedger()
    await appendBatches(ledger, [sourceBatch([usageRecord({ time: NOW - 60_000 })])], { now: NOW })
    const api = apiOn({ ledger, snapshot: { complete: false, budgets: [], balances: [] } })
    const document = documentOf(await api.read(path, { provider: 'anthropic' }, query('')))
    expect(READS[path].document.safeParse(document).error).toBeUndefined()
    if (path.endsWith('openapi.json') || path === '/claude-usage.json') return
    expect(document).toMatchObject({ complete: false })
    const { totals = null, today = null, grandTotal = null, rows } = document as Record<string, unknown>
    expect([totals, today, grandTotal]).toEqual([null, null, null])
    if (LISTS_OF_USE.includes(path)) expect(rows).toEqual([])
  })
})

describe('the size of an answer', () => {
  it('is limited, with a problem that says what to do', async () => {
    const ledger = tempLedger()
    const records = Array.from({ length: 10_001 }, (_, index) =>
      usageRecord({ identity: `m:${index}`, uuid: `${index}`, session: `s${index}`, time: NOW - 60_000 }),
    )
    await appendBatches(ledger, [sourceBatch(records)], { now: NOW })
    const api = apiOn({ ledger })
    const refused = await problemOf(api.read('/api/usage/summary', {}, query('by=session')))
    expect([refused.status, refused.problem.parameter]).toEqual([400, 'by'])
    expect(refused.message).toMatch(/more than 10000 rows: .* claude-usage-exporter export/)
    expect(documentOf(await api.read('/api/sessions', {}, query('limit=1000&offset=10000')))).toMatchObject({
      page: { total: 10_001, next: null },
      rows: [{}],
    })
    await ledger.close()
  })
})
