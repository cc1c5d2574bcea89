import { describe, expect, it } from 'vitest'
import type { StoredCrossing, StoredForecast, StoredPeriod } from '../../src/ledger/budgets.ts'
import { ledgerKinds } from './contract/ledgers.ts'

describe.each(ledgerKinds())('on $name', ({ newPlace, openLedger }) => {
  const MAY = Date.UTC(2026, 4, 1)
  const JUNE = Date.UTC(2026, 5, 1)
  const JULY = Date.UTC(2026, 6, 1)
  const USD = 10n ** 12n
  /** No 64-bit column holds these. */
  const HUGE = [10n ** 40n, -(10n ** 40n), 2n ** 63n, -(2n ** 63n) - 1n, -1n, 0n]

  function period(fields: Partial<StoredPeriod> = {}): StoredPeriod {
    return { budget: 'team', start: MAY, end: JUNE, unit: 'usd', limit: 500n * USD, ...fields }
  }

  function crossing(fields: Partial<StoredCrossing> = {}): StoredCrossing {
    return { budget: 'team', periodStart: MAY, crossing: 'warning', at: MAY + 5, spent: 4n, limit: 5n, ...fields }
  }

  function forecast(fields: Partial<StoredForecast> = {}): StoredForecast {
    return { budget: 'team', periodStart: MAY, periodEnd: JUNE, step: 0.25, at: MAY + 9, expected: 7n, ...fields }
  }

  describe('periods of budgets', () => {
    it('the newest word on a period stays, of each of its figures', async () => {
      const ledger = await openLedger()
      await ledger.savePeriod(period())
      await ledger.savePeriod(period({ start: JUNE, end: JULY }))
      await ledger.savePeriod(period({ end: JUNE + 1, unit: 'tokens', limit: 3n }))
      await ledger.savePeriod(period({ end: JUNE + 1, unit: 'tokens', limit: 3n }))
      expect(await ledger.budgetPeriods({})).toEqual([
        period({ end: JUNE + 1, unit: 'tokens', limit: 3n }),
        period({ start: JUNE, end: JULY }),
      ])
      await ledger.close()
    })

    it.each(HUGE.map((limit) => [limit]))('keeps a limit of %s exactly', async (limit) => {
      const ledger = await openLedger()
      await ledger.savePeriod(period({ limit }))
      expect(await ledger.budgetPeriods({})).toEqual([period({ limit })])
      await ledger.close()
    })

    it('come by budget in the order of their code units, then by time', async () => {
      const ledger = await openLedger()
      const names = ['é', 'b', 'B', 'a', "o'brien; DROP TABLE notice", '', 'Ω%_']
      for (const budget of names) {
        await ledger.savePeriod(period({ budget, start: JUNE }))
        await ledger.savePeriod(period({ budget, start: -5 }))
        await ledger.savePeriod(period({ budget, start: MAY }))
      }
      const found = await ledger.budgetPeriods({})
      expect(found.map(({ budget, start }) => [budget, start])).toEqual(
        [...names].sort().flatMap((budget) => [-5, MAY, JUNE].map((start) => [budget, start])),
      )
      await ledger.close()
    })
  })

  describe('what happens once per period', () => {
    it('a crossing is kept as it was first noticed, also after a restart', async () => {
      const place = newPlace()
      const first = await place.open()
      expect(await first.addCrossing(crossing())).toBe(true)
      expect(await first.addCrossing(crossing({ at: MAY + 6, spent: 9n }))).toBe(false)
      await first.close()
      const second = await place.open()
      expect(await second.addCrossing(crossing({ at: MAY + 7, limit: 9n }))).toBe(false)
      expect(await second.addCrossing(crossing({ crossing: 'exceeded' }))).toBe(true)
      expect(await second.addCrossing(crossing({ periodStart: JUNE }))).toBe(true)
      expect(await second.addCrossing(crossing({ budget: 'other' }))).toBe(true)
      expect(await second.crossings({})).toEqual([
        crossing({ budget: 'other' }),
        crossing(),
        crossing({ crossing: 'exceeded' }),
        crossing({ periodStart: JUNE }),
      ])
      await second.close()
    })

    it('the crossings of a period come in the order of their seriousness', async () => {
      const ledger = await openLedger()
      for (const name of ['exceeded', 'critical', 'warning'] as const)
        await ledger.addCrossing(crossing({ crossing: name }))
      expect((await ledger.crossings({})).map((found) => found.crossing)).toEqual(['warning', 'critical', 'exceeded'])
      await ledger.close()
    })

    it('a forecast is kept as it was first made for a step, also after a restart', async () => {
      const place = newPlace()
      const first = await place.open()
      expect(await first.addForecast(forecast({ step: 0.75 }))).toBe(true)
      expect(await first.addForecast(forecast())).toBe(true)
      await first.close()
      const second = await place.open()
      expect(await second.addForecast(forecast({ expected: 8n, at: JUNE, periodEnd: JULY }))).toBe(false)
      expect(await second.addForecast(forecast({ step: 0.5, periodStart: JUNE }))).toBe(true)
      expect(await second.forecasts({})).toEqual([
        forecast(),
        forecast({ step: 0.75 }),
        forecast({ step: 0.5, periodStart: JUNE }),
      ])
      await second.close()
    })

    it.each(HUGE.map((amount) => [amount]))('keeps %s exactly as spent, limit and expected', async (amount) => {
      const ledger = await openLedger()
      await ledger.addCrossing(crossing({ spent: amount, limit: -amount }))
      await ledger.addForecast(forecast({ expected: amount }))
      expect(await ledger.crossings({})).toEqual([crossing({ spent: amount, limit: -amount })])
      expect(await ledger.forecasts({})).toEqual([forecast({ expected: amount })])
      await ledger.close()
    })

    it('a step that no binary fraction is equal to is found again', async () => {
      const ledger = await openLedger()
      expect(await ledger.addForecast(forecast({ step: 1 / 3 }))).toBe(true)
      expect(await ledger.addForecast(forecast({ step: 1 / 3 }))).toBe(false)
      expect((await ledger.forecasts({})).map(({ step }) => step)).toEqual([1 / 3])
      await ledger.close()
    })
  })

  it.each([
    ['everything', {}, ['a May', 'a June', 'b May', 'b June']],
    ['one budget', { budget: 'a' }, ['a May', 'a June']],
    ['a budget nobody knows', { budget: 'c' }, []],
    ['periods that begin at an instant or later', { since: JUNE }, ['a June', 'b June']],
    ['periods that begin after all', { since: JUNE + 1 }, []],
    ['both', { budget: 'b', since: MAY + 1 }, ['b June']],
  ] as const)('reads %s', async (_, query, expected) => {
    const ledger = await openLedger()
    for (const budget of ['b', 'a']) {
      for (const start of [JUNE, MAY]) {
        await ledger.savePeriod(period({ budget, start }))
        await ledger.addCrossing(crossing({ budget, periodStart: start }))
        await ledger.addForecast(forecast({ budget, periodStart: start }))
      }
    }
    const name = (budget: string, start: number) => `${budget} ${start === MAY ? 'May' : 'June'}`
    expect((await ledger.budgetPeriods(query)).map(({ budget, start }) => name(budget, start))).toEqual(expected)
    for (const read of [ledger.crossings, ledger.forecasts]) {
      expect((await read(query)).map(({ budget, periodStart }) => name(budget, periodStart))).toEqual(expected)
    }
    await ledger.close()
  })

  describe('notices', () => {
    it('are claimed once, also after a restart, until they are released', async () => {
      const place = newPlace()
      const first = await place.open()
      expect(await first.claimNotice('team May warning', 5)).toBe(true)
      expect(await first.claimNotice('team May critical', 5)).toBe(true)
      await first.close()
      const second = await place.open()
      expect(await second.claimNotice('team May warning', 6)).toBe(false)
      await second.releaseNotice('team May warning')
      await second.releaseNotice('of nobody')
      expect(await second.claimNotice('team May warning', 7)).toBe(true)
      expect(await second.claimNotice('team May critical', 7)).toBe(false)
      await second.close()
    })

    it('of two claims at the same time one succeeds', async () => {
      const ledger = await openLedger()
      const claims = await Promise.all([1, 2, 3].map((at) => ledger.claimNotice('key', at)))
      expect(claims.filter(Boolean)).toHaveLength(1)
      await ledger.close()
    })

    it('claimed before an instant are forgotten; a claim that was refused does not make them younger', async () => {
      const ledger = await openLedger()
      await ledger.claimNotice('old', 9)
      await ledger.claimNotice('young', 10)
      await ledger.claimNotice('old', 11)
      expect(await ledger.pruneNotices(10)).toBe(1)
      expect(await ledger.pruneNotices(10)).toBe(0)
      expect(await ledger.claimNotice('old', 12)).toBe(true)
      expect(await ledger.claimNotice('young', 12)).toBe(false)
      await ledger.close()
    })
  })

  it('beside an exporter everything can be read and nothing written', async () => {
    const place = newPlace()
    const ledger = await place.open()
    await ledger.savePeriod(period())
    await ledger.addCrossing(crossing())
    await ledger.addForecast(forecast())
    await ledger.claimNotice('key', 1)
    const reader = await place.reader()
    expect(await reader.budgetPeriods({})).toEqual([period()])
    expect(await reader.crossings({})).toEqual([crossing()])
    expect(await reader.forecasts({})).toEqual([forecast()])
    const writes = [
      () => reader.savePeriod(period({ limit: 1n })),
      () => reader.addCrossing(crossing({ crossing: 'exceeded' })),
      () => reader.addForecast(forecast({ step: 0.5 })),
      () => reader.claimNotice('other', 1),
      () => reader.releaseNotice('key'),
      () => reader.pruneNotices(9),
    ]
    for (const write of writes) {
      await expect(write()).rejects.toMatchObject({ name: 'LedgerError', failure: 'read_only' })
    }
    await reader.close()
    expect(await ledger.claimNotice('key', 2)).toBe(false)
    await ledger.close()
  })

  it('what the ledger cannot keep is refused whole', async () => {
    const ledger = await openLedger()
    await expect(ledger.savePeriod(period({ start: MAY + 0.5 }))).rejects.toMatchObject({ name: 'LedgerError' })
    expect(await ledger.budgetPeriods({})).toEqual([])
    expect(await ledger.addCrossing(crossing())).toBe(true)
    await ledger.close()
    await expect(ledger.budgetPeriods({})).rejects.toMatchObject({ name: 'LedgerError' })
  })
})
