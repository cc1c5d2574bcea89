import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../src/core/measures.ts'
import { dayStarts, isoDate } from '../../src/core/period.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { appendBatches } from '../support/append.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { ledgerKinds } from './contract/ledgers.ts'

describe.each(ledgerKinds())('on $name', ({ newPlace, openLedger }) => {
  /** A response of one output token per instant; the last line of each is still to come for `held`. */
  async function fill(ledger: Ledger, times: readonly string[], held: readonly string[] = []) {
    const record = (at: string, settled: boolean) =>
      usageRecord({
        identity: at,
        time: Date.parse(at),
        settled,
        parts: [usagePart({ output: 1 }), usagePart({ output: 1 }, 'mystery')],
      })
    await appendBatches(ledger, [
      sourceBatch([...times.map((at) => record(at, true)), ...held.map((at) => record(at, false))]),
    ])
  }

  const outputOf = (values: readonly (number | bigint)[] | undefined) => Number(values?.[MEASURE.output] ?? 0)

  describe('usage', () => {
    it.each([
      { what: 'an ordinary week', from: '2026-05-01T00:00+02:00', to: '2026-05-08T00:00+02:00' },
      { what: 'the night clocks go forward', from: '2026-03-27T00:00+01:00', to: '2026-04-01T00:00+02:00' },
      { what: 'the night clocks go back', from: '2026-10-23T00:00+02:00', to: '2026-10-28T12:30+01:00' },
      {
        what: 'a period that begins and ends within days',
        from: '2026-05-01T13:15+02:00',
        to: '2026-05-03T09:45+02:00',
      },
      { what: 'a part of one day', from: '2026-05-01T13:15+02:00', to: '2026-05-01T14:15+02:00' },
    ])('falls on its local day: $what', async ({ from, to }) => {
      const [first, end] = [Date.parse(from), Date.parse(to)]
      const times: string[] = []
      // An odd step, so that every hour of the day and both ends of days are met.
      for (let at = first - 86_400_000; at < end + 86_400_000; at += 47 * 60_000) times.push(new Date(at).toISOString())
      const ledger = await openLedger()
      await fill(ledger, times)
      const days = dayStarts(first, end, 'Europe/Berlin')
      const rows = await ledger.usage({ from: first, to: end, by: [], days })
      const expected = new Map<string, number>()
      for (const at of times.map((time) => Date.parse(time))) {
        const slot = Math.floor(at / 900_000) * 900_000
        const day = isoDate(at, 'Europe/Berlin')
        if (slot >= first && slot < end) expected.set(day, (expected.get(day) ?? 0) + 2)
      }
      const found = rows.map(({ day, values }) => [isoDate(days[day] ?? 0, 'Europe/Berlin'), outputOf(values)] as const)
      expect(new Map(found.sort())).toEqual(expected)
      await ledger.close()
    })

    it('of all time includes what is held and what was corrected', async () => {
      const ledger = await openLedger()
      await fill(ledger, ['2026-05-01T10:00:00Z', '2026-05-02T10:00:00Z'], ['2026-05-03T10:00:00Z'])
      const correction = usageRecord({
        identity: '2026-05-01T10:00:00Z',
        time: Date.parse('2026-05-01T10:00:00Z'),
        winRank: 4,
        parts: [usagePart({ output: 500 }, 'claude-sonnet-5')],
      })
      await appendBatches(ledger, [sourceBatch([correction], { stream: 'f2' })])
      const whole = await ledger.usage({ from: 0, to: 10 ** 14, by: ['model'] })
      const part = await ledger.usage({ from: Date.parse('2026-05-01T10:00Z'), to: 10 ** 14, by: ['model', 'session'] })
      const byModel = (rows: typeof whole) =>
        new Map(
          rows.map(({ group, values }) => [group[0], outputOf(values)] as const).filter(([, output]) => output !== 0),
        )
      expect(byModel(whole)).toEqual(
        new Map([
          ['claude-opus-4-8', 2],
          ['mystery', 2],
          ['claude-sonnet-5', 500],
        ]),
      )
      expect(byModel(part)).toEqual(byModel(whole))
      await ledger.close()
    })

    it('read beside a writer belongs to one moment', async () => {
      const place = newPlace()
      const ledger = await place.open()
      await fill(ledger, ['2026-05-01T10:00:00Z'])
      const reader = await place.reader()
      const all = { from: 0, to: 10 ** 14, by: [] }
      expect(outputOf((await reader.usage(all))[0]?.values)).toBe(2)
      const more = usageRecord({ identity: 'more', time: Date.parse('2026-05-01T10:00:00Z') })
      await appendBatches(ledger, [sourceBatch([more], { stream: 'f2' })])
      expect(outputOf((await reader.usage(all))[0]?.values)).toBe(2)
      await reader.close()
      const later = await place.reader()
      expect(outputOf((await later.usage(all))[0]?.values)).toBe(12)
      await later.close()
      await ledger.close()
    })
  })
})
