import { describe, expect, it } from 'vitest'
import { type BalanceInput, balanceOf } from '../../src/budgets/balance.ts'
import { SlotSeries } from '../../src/budgets/slot-series.ts'

const DAY_MS = 86_400_000
const USD = 1_000_000_000_000n
const day = (date: string) => Date.parse(`${date}T00:00:00Z`)

const billedOf = (bill: Record<string, bigint>) => {
  const billed = new SlotSeries()
  billed.replace(Object.entries(bill).map(([date, usd]) => [day(date), usd * USD]))
  return billed
}

const evenly = billedOf({
  '2026-02-28': 1_000n,
  '2026-03-01': 2n,
  '2026-03-02': 2n,
  '2026-03-03': 2n,
  '2026-03-04': 2n,
  '2026-03-05': 2n,
  '2026-03-06': 2n,
  '2026-03-07': 2n,
  '2026-03-08': 9n,
  '2026-03-09': 9n,
})

const balance = (input: Partial<BalanceInput>) =>
  balanceOf({
    organization: 'acme',
    topUps: [{ organization: 'acme', day: day('2026-03-01'), pico: 100n * USD }],
    billed: evenly,
    data: { from: Number.NEGATIVE_INFINITY, to: Date.parse('2026-03-09T13:00:00Z'), problem: null },
    now: Date.parse('2026-03-09T14:30:00Z'),
    ...input,
  })

describe('balanceOf', () => {
  it('is what was put in minus what was billed from that day on', () => {
    expect(balance({})).toMatchObject({ organization: 'acme', toppedUpPico: 100n * USD, balancePico: 68n * USD })
  })

  it('lasts as long as the mean of the last 7 complete days allows', () => {
    // 2 March to 8 March: 6 x 2 + 9 = 21 dollars
    expect(balance({}).runwayMs).toBe(Math.floor((68 / 21) * 7 * DAY_MS))
  })

  it('takes fewer days when the first top-up is younger', () => {
    const topUps = [{ organization: 'acme', day: day('2026-03-07'), pico: 100n * USD }]
    // 7 and 8 March: 11 dollars; 9 March is not over, but billed
    expect(balance({ topUps })).toMatchObject({ balancePico: 80n * USD, runwayMs: Math.floor((80 / 11) * 2 * DAY_MS) })
  })

  it('has no runway before the first complete day', () => {
    const topUps = [{ organization: 'acme', day: day('2026-03-09'), pico: 100n * USD }]
    expect(balance({ topUps })).toMatchObject({ balancePico: 91n * USD, runwayMs: null })
  })

  it('adds top-ups from their day on, and only those of the organisation', () => {
    const topUps = [
      { organization: 'acme', day: day('2026-03-05'), pico: 10n * USD },
      { organization: 'acme', day: day('2026-03-01'), pico: 100n * USD },
      { organization: 'other', day: day('2026-02-01'), pico: 1_000n * USD },
      { organization: 'acme', day: day('2026-03-10'), pico: 10_000n * USD },
    ]
    expect(balance({ topUps })).toMatchObject({ toppedUpPico: 110n * USD, balancePico: 78n * USD })
    expect(balance({ topUps, now: day('2026-03-10') }).toppedUpPico).toBe(10_110n * USD)
  })

  it.each([
    ['is used up', 32n],
    ['is overdrawn', 20n],
  ])('lasts no time when it %s', (_case, usd) => {
    const topUps = [{ organization: 'acme', day: day('2026-03-01'), pico: usd * USD }]
    expect(balance({ topUps })).toMatchObject({ balancePico: (usd - 32n) * USD, runwayMs: 0 })
  })

  it('has no runway when nothing is spent', () => {
    expect(balance({ billed: billedOf({ '2026-02-28': 5n }) })).toMatchObject({
      balancePico: 100n * USD,
      runwayMs: null,
    })
  })

  it('counts a refund', () => {
    const billed = billedOf({ '2026-03-02': 10n, '2026-03-03': -4n })
    expect(balance({ billed })).toMatchObject({ balancePico: 94n * USD, runwayMs: Math.floor((94 / 6) * 7 * DAY_MS) })
  })

  it.each<[string, Partial<BalanceInput>]>([
    ['the bill begins later', { data: { from: day('2026-03-02'), to: day('2026-03-09'), problem: null } }],
    ['nothing is known of the bill', { data: { from: Number.NEGATIVE_INFINITY, to: null, problem: null } }],
    ['the bill ends before', { data: { from: Number.NEGATIVE_INFINITY, to: day('2026-03-01'), problem: null } }],
    ['the bill has holes', { data: { from: Number.NEGATIVE_INFINITY, to: day('2026-03-09'), problem: 'not_covered' } }],
    ['the bill is being read', { data: { from: Number.NEGATIVE_INFINITY, to: day('2026-03-09'), problem: 'loading' } }],
  ])('is unknown where %s', (_case, input) => {
    expect(balance(input)).toEqual({
      organization: 'acme',
      balancePico: null,
      toppedUpPico: 100n * USD,
      runwayMs: null,
    })
  })

  it('is unknown where nothing was put in', () => {
    expect(balance({ topUps: [] })).toMatchObject({ balancePico: null, toppedUpPico: 0n, runwayMs: null })
  })

  it('stays what it was while the bill is late', () => {
    const data = { from: Number.NEGATIVE_INFINITY, to: Date.parse('2026-03-09T13:00:00Z'), problem: 'stale' as const }
    expect(balance({ data, now: day('2026-03-20') })).toEqual(balance({}))
  })
})
