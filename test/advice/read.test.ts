import { describe, expect, it } from 'vitest'
import { readAdvice } from '../../src/advice/read.ts'
import type { UsageRecord } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { sampleSnapshot } from '../metrics/sample-snapshot.ts'
import { appendBatches, pricing } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'

const AT = Date.parse('2026-11-14T12:07:00Z')
const HOUR_MS = 3_600_000
const MILLION = 1_000_000
const OPUS = 'claude-opus-5-5'

let responses = 0

const response = (hoursAgo: number, part: UsageRecord['parts'][number], more: Partial<UsageRecord> = {}) => {
  responses++
  const time = AT - hoursAgo * HOUR_MS
  const timestamp = new Date(time).toISOString()
  return usageRecord({ identity: `m:${responses}`, time, fileTime: time, timestamp, parts: [part], ...more })
}

async function ledgerOf(...records: readonly UsageRecord[]): Promise<Ledger> {
  const ledger = tempLedger()
  await appendBatches(ledger, [sourceBatch(records)], { now: AT })
  return ledger
}

const adviceOn = (ledger: Ledger) => {
  const nothing = { active: [], habits: [], budgets: [], unpriced: [] }
  const prices = pricing.listPrices(AT)
  const snapshot: Snapshot = { ...sampleSnapshot, ...nothing, prices, at: AT, timeZone: 'UTC', complete: true }
  return readAdvice(ledger, snapshot)
}

describe('advice on a ledger', () => {
  it('is on the last seven days, beside the seven before', async () => {
    const reads = (input: number, cacheRead: number) => usagePart({ input, cacheRead }, OPUS)
    const ledger = await ledgerOf(
      response(24, reads(4 * MILLION, 6 * MILLION)),
      response(8 * 24, reads(MILLION, 9 * MILLION)),
      // Older than both, and would change the share of the week before.
      response(15 * 24, reads(90 * MILLION, 0)),
    )
    const advice = await adviceOn(ledger)
    // 90 % of 10 M are 3 M more than were read.
    expect(advice.find(({ kind }) => kind === 'cache_reads')?.formula).toBe(
      '3,000,000 input x ($4.00 - $0.20) / 1 M x 30 / 7 = $48.86',
    )
    await ledger.close()
  })

  it('knows the sessions of a plan, however many paid ones are dearer', async () => {
    const ofPlan = { session: 'of-plan', project: 'notes', billing: 'plan' } as const
    const expensive = Array.from({ length: 12 }, (_, index) =>
      response(3, usagePart({ output: 5 * MILLION }, OPUS), { session: `other-${index}` }),
    )
    const ledger = await ledgerOf(
      response(6, usagePart({ cacheRead: 9 * MILLION }, OPUS), ofPlan),
      response(3, usagePart({ cacheRead: 100 * MILLION }, OPUS), ofPlan),
      ...expensive,
    )
    const advice = (await adviceOn(ledger)).filter(({ kind }) => kind === 'long_sessions')
    expect(advice).toMatchObject([
      {
        labels: { source: 'claude-code', agent: 'none', project: 'notes', session: 'of-plan' },
        formula: '109,000,000 cache read x $0.20 / 1 M = $21.80',
      },
    ])
    await ledger.close()
  })

  it('adds the models of one session up', async () => {
    const ledger = await ledgerOf(
      response(10, usagePart({ cacheRead: 100 * MILLION }, OPUS)),
      response(4, usagePart({ cacheRead: 50 * MILLION }, 'claude-sonnet-5-5')),
      response(24 * 8, usagePart({ cacheRead: 900 * MILLION }, OPUS)),
    )
    const advice = (await adviceOn(ledger)).filter(({ kind }) => kind === 'long_sessions')
    expect(advice).toMatchObject([
      { formula: '(100,000,000 cache read x $0.20 + 50,000,000 cache read x $0.10) / 1 M = $25.00' },
    ])
    await ledger.close()
  })

  it('is not on what ended days ago, nor on what was changed already', async () => {
    const output = (hoursAgo: number, model: string, agent: string) =>
      response(hoursAgo, usagePart({ output: 4 * MILLION }, model), { agent })
    const ledger = await ledgerOf(
      output(5 * 24, OPUS, 'over'),
      output(40, OPUS, 'moved'),
      output(1, 'claude-sonnet-5-5', 'moved'),
      output(5 * 24, OPUS, 'going-on'),
      output(2 * 24, OPUS, 'going-on'),
    )
    const advice = (await adviceOn(ledger)).filter(({ kind }) => kind === 'cheaper_model')
    const named = advice.filter(({ labels }) => labels['model'] === OPUS).map(({ labels }) => labels['agent'])
    expect(named).toEqual(['going-on'])
    // Five days ago the first response was; the formula has both.
    expect(advice.find(({ labels }) => labels['agent'] === 'going-on')).toMatchObject({
      formula: expect.stringContaining('8,000,000 output'),
      detail: expect.stringContaining('Only the last 5.0 days are known'),
    })
    await ledger.close()
  })

  it('is none on an empty ledger', async () => {
    const ledger = tempLedger()
    expect(await adviceOn(ledger)).toEqual([])
    await ledger.close()
  })
})
