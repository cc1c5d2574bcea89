import { describe, expect, it } from 'vitest'
import { budget, DAY_MS, Exporter, HOUR_MS, period, sessionData, sourceHealth, spend, USD } from './budget-support.ts'

const MIDNIGHT = Date.parse('2026-05-20T00:00:00Z')
const NOON = MIDNIGHT + 12 * HOUR_MS

async function crossingsOf(exporter: Exporter) {
  return (await exporter.view.record(exporter.ledger)).map(({ crossing, periodStart }) => [crossing, periodStart])
}

describe('crossings', () => {
  it('are told once per period, and again after the reset', async () => {
    const exporter = new Exporter({ budgets: [budget()], now: NOON })
    await exporter.append([spend(NOON, 2_960)])
    expect(await crossingsOf(exporter)).toEqual([])
    await exporter.append([spend(NOON, 40)])
    expect(await exporter.view.record(exporter.ledger)).toEqual([
      { budget: 'daily', periodStart: MIDNIGHT, crossing: 'warning', at: NOON, spent: 75n * USD, limit: 100n * USD },
    ])
    expect(await crossingsOf(exporter)).toEqual([])
    exporter.now += HOUR_MS
    await exporter.append([spend(exporter.now, 1_000)])
    expect(await crossingsOf(exporter)).toEqual([
      ['critical', MIDNIGHT],
      ['exceeded', MIDNIGHT],
    ])
    expect(await crossingsOf(exporter)).toEqual([])
    exporter.now = MIDNIGHT + DAY_MS
    expect(await crossingsOf(exporter)).toEqual([])
    await exporter.append([spend(exporter.now, 3_000)])
    expect(await crossingsOf(exporter)).toEqual([['warning', MIDNIGHT + DAY_MS]])
  })

  it('are not told again after a restart, nor after a correction down and up again', async () => {
    const exporter = new Exporter({ budgets: [budget()], now: NOON })
    const response = (thousands: number, winRank: number) => [
      spend(NOON, thousands, { identity: 'm:corrected', winRank }),
    ]
    await exporter.append(response(3_000, 1))
    expect(await crossingsOf(exporter)).toEqual([['warning', MIDNIGHT]])
    expect(await crossingsOf(await exporter.restarted())).toEqual([])
    await exporter.append(response(1_000, 2))
    expect(await crossingsOf(exporter)).toEqual([])
    await exporter.append(response(3_100, 3))
    expect(await crossingsOf(exporter)).toEqual([])
  })

  it('happen also where the data are stale, because more can only have been spent', async () => {
    const exporter = new Exporter({ budgets: [budget()], now: NOON })
    await exporter.append([spend(NOON, 3_000)])
    exporter.sessions = sessionData({ sources: [sourceHealth({ tailMode: 'off', lastSuccess: NOON - HOUR_MS })] })
    expect(exporter.figures()).toMatchObject({ state: 'unknown', unknownReason: 'stale' })
    expect(await crossingsOf(exporter)).toEqual([['warning', MIDNIGHT]])
  })

  it('are per name: a version with a lower limit may cross what the one before did not', async () => {
    const budgets = [budget({ until: NOON }), budget({ since: NOON, limit: 50n * USD })]
    const exporter = new Exporter({ budgets, now: NOON - 1 })
    await exporter.append([spend(NOON - HOUR_MS, 1_600)])
    expect(await crossingsOf(exporter)).toEqual([])
    exporter.now = NOON
    expect(await crossingsOf(exporter)).toEqual([['warning', MIDNIGHT]])
    expect(await exporter.ledger.budgetPeriods({})).toMatchObject([{ start: MIDNIGHT, limit: 50n * USD }])
  })

  it('of rolling budgets are told once per block of as many days', async () => {
    const rolling = budget({ period: period('rolling', { days: 7 }) })
    const exporter = new Exporter({ budgets: [rolling], now: NOON })
    await exporter.append([spend(NOON, 3_000)])
    const block = Math.floor(NOON / (7 * DAY_MS)) * 7 * DAY_MS
    expect(await crossingsOf(exporter)).toEqual([['warning', block]])
    exporter.now += HOUR_MS
    expect(await crossingsOf(exporter)).toEqual([])
    expect(await exporter.ledger.budgetPeriods({})).toMatchObject([{ start: block, end: block + 7 * DAY_MS }])
  })
})

describe('limits of periods', () => {
  it('are kept as they were when their period ended', async () => {
    const next = MIDNIGHT + DAY_MS
    const exporter = new Exporter({
      budgets: [budget({ until: next }), budget({ since: next, limit: 200n * USD })],
      now: NOON,
    })
    await exporter.view.record(exporter.ledger)
    exporter.now = next
    await exporter.view.record(exporter.ledger)
    expect(await exporter.ledger.budgetPeriods({})).toEqual([
      { budget: 'daily', start: MIDNIGHT, end: next, unit: 'usd', limit: 100n * USD },
      { budget: 'daily', start: next, end: next + DAY_MS, unit: 'usd', limit: 200n * USD },
    ])
  })
})

describe('forecasts', () => {
  async function followed(from: number, to: number, stepMs: number) {
    const exporter = new Exporter({ budgets: [budget({ limit: 1_000n * USD })], now: from })
    for (; exporter.now < to; exporter.now += stepMs) {
      await exporter.append([spend(exporter.now, 100)])
      await exporter.view.record(exporter.ledger)
    }
    return exporter
  }

  it('are kept when a step of the period has just passed, and compared with what it became', async () => {
    const exporter = await followed(MIDNIGHT, MIDNIGHT + DAY_MS, HOUR_MS / 2)
    const kept = await exporter.ledger.forecasts({})
    expect(kept.map(({ step, at }) => [step, at])).toEqual([
      [0.25, MIDNIGHT + 6 * HOUR_MS],
      [0.5, MIDNIGHT + 12 * HOUR_MS],
      [0.75, MIDNIGHT + 18 * HOUR_MS],
    ])
    // 48 times 2.5 dollars.
    const actual = 120
    const expected = kept.map(({ step, expected }) => ({
      step,
      ratio: Number(expected / 1_000_000n) / 1e6 / actual - 1,
    }))
    exporter.now = MIDNIGHT + DAY_MS + HOUR_MS
    for (const each of [exporter, await exporter.restarted()]) {
      const errors = each.figures().forecastErrors
      expect(errors.map(({ step }) => step)).toEqual([0.25, 0.5, 0.75])
      for (const [index, { ratio }] of errors.entries())
        expect(ratio).toBeCloseTo(expected[index]?.ratio ?? Number.NaN, 5)
    }
    exporter.now += DAY_MS
    expect(exporter.figures().forecastErrors).toEqual([])
  })

  it('are not kept long after the step', async () => {
    const exporter = new Exporter({ budgets: [budget()], now: MIDNIGHT + 7.3 * HOUR_MS })
    await exporter.append([spend(MIDNIGHT + HOUR_MS, 100)])
    await exporter.view.record(exporter.ledger)
    expect(exporter.figures().forecast).not.toBeNull()
    expect(await exporter.ledger.forecasts({})).toEqual([])
  })
})
