import { describe, expect, it } from 'vitest'
import { MEASURE, type Measure } from '../../src/core/measures.ts'
import { FLAG } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { appendBatches } from '../support/append.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { ledgerKinds } from './contract/ledgers.ts'

describe.each(ledgerKinds())('on $name', ({ openLedger }) => {
  const placeholder = usageRecord({
    winRank: 2,
    rankOutput: 0,
    rankTotal: 24741,
    parts: [usagePart({ input: 24741 })],
    flags: FLAG.unfinal,
    settled: false,
  })
  const final = usageRecord({ rankOutput: 540, rankTotal: 23240, parts: [usagePart({ input: 22700, output: 540 })] })

  async function shown(ledger: Ledger, measure: Measure, side: 'published' | 'reversed' = 'published') {
    const counters = await ledger.counters()
    return counters.reduce((sum, counter) => sum + Number(counter[side][MEASURE[measure]]), 0)
  }

  describe('counters', () => {
    it('case 3: a placeholder is held, only the final numbers are ever shown', async () => {
      const ledger = await openLedger()
      await appendBatches(ledger, [sourceBatch([placeholder])])
      expect(await shown(ledger, 'input')).toBe(0)
      expect(await ledger.heldCount()).toBe(1)
      await appendBatches(ledger, [sourceBatch([final], { expected: '1', cursor: '2' })])
      expect(await shown(ledger, 'input')).toBe(22700)
      expect(await shown(ledger, 'output')).toBe(540)
      expect(await shown(ledger, 'unfinal')).toBe(0)
      expect(await ledger.heldCount()).toBe(0)
    })

    it('a fall after publication stays out of the counter and is told apart', async () => {
      const ledger = await openLedger()
      await appendBatches(ledger, [sourceBatch([placeholder])])
      await ledger.settleHeld({ heldBefore: Number.MAX_SAFE_INTEGER })
      expect(await shown(ledger, 'input')).toBe(24741)
      await appendBatches(ledger, [sourceBatch([final], { expected: '1', cursor: '2' })])
      expect(await shown(ledger, 'input')).toBe(24741)
      expect(await shown(ledger, 'input', 'reversed')).toBe(2041)
      expect(await shown(ledger, 'output')).toBe(540)
      expect((await ledger.check()).differences).toEqual([])
    })

    it('corrections before anything was shown leave no trace', async () => {
      const ledger = await openLedger()
      await appendBatches(ledger, [sourceBatch([placeholder])], { live: false })
      await ledger.settleHeld({ heldBefore: Number.MAX_SAFE_INTEGER })
      await appendBatches(ledger, [sourceBatch([final], { expected: '1', cursor: '2' })], { live: false })
      await ledger.expose({ source: 'claude-code', roots: ['/logs'] })
      expect(await shown(ledger, 'input')).toBe(22700)
      expect(await shown(ledger, 'input', 'reversed')).toBe(0)
    })

    it('a response that turns out to be another session’s moves without being counted twice', async () => {
      const ledger = await openLedger()
      const copy = usageRecord({ ownerRank: 4, session: 'fork', project: 'copy' })
      await appendBatches(ledger, [sourceBatch([copy])])
      await appendBatches(ledger, [sourceBatch([usageRecord()], { expected: '1', cursor: '2' })])
      const rows = await ledger.usage({ from: 0, to: 10 ** 14, by: ['project', 'session'] })
      const used = rows.filter(({ values }) => Number(values[MEASURE.output]) > 0)
      expect(used.map(({ group }) => group)).toEqual([['shop', 's1']])
      expect((await shown(ledger, 'output')) - (await shown(ledger, 'output', 'reversed'))).toBe(10)
      expect((await ledger.check()).differences).toEqual([])
    })

    it('holds exact sums beyond 64 bits of pico-dollars', async () => {
      const ledger = await openLedger()
      const huge = Number.MAX_SAFE_INTEGER
      const records = [1, 2, 3].map((n) =>
        usageRecord({ identity: `m:${n}`, rankOutput: huge, parts: [usagePart({ output: huge })] }),
      )
      await appendBatches(ledger, [sourceBatch(records)])
      const [row] = await ledger.usage({ from: 0, to: 10 ** 14, by: [] })
      expect(row?.values[MEASURE.output]).toBe(3n * BigInt(huge))
      // $25 per million output tokens is 25,000,000 pico-dollars each.
      const pico = BigInt(row?.values[MEASURE.cost_usd] ?? 0) * 10n ** 12n + BigInt(row?.values[MEASURE.cost_pico] ?? 0)
      expect(pico).toBe(3n * BigInt(huge) * 25_000_000n)
    })

    it('counts a session once, under its main agent', async () => {
      const ledger = await openLedger()
      const records = [
        usageRecord({ identity: 'm:1', agent: 'Explore', time: 1 }),
        usageRecord({ identity: 'm:2', agent: 'none', time: 2 }),
      ]
      await appendBatches(ledger, [sourceBatch(records)], { live: false })
      const { sessions } = await ledger.expose({ source: 'claude-code', roots: [] })
      const labels = await ledger.labels()
      expect(sessions.map(({ label, sessions: n }) => [labels.find(({ id }) => id === label)?.agent, n])).toEqual([
        ['none', 1],
      ])
    })

    it('refuses a batch that does not continue where the stream stopped', async () => {
      const ledger = await openLedger()
      await appendBatches(ledger, [sourceBatch([usageRecord()])])
      await expect(appendBatches(ledger, [sourceBatch([usageRecord()])])).rejects.toMatchObject({ failure: 'conflict' })
      expect(await shown(ledger, 'output')).toBe(10)
    })
  })

  describe('the agents’ own totals', () => {
    const claim = {
      source: 'claude-code' as const,
      session: 's1',
      model: 'claude-opus-4-8',
      project: 'shop',
      time: 5,
      input: 100,
      output: 60,
      cacheRead: 0,
      cacheWrite: 30,
      webSearches: 0,
      costPico: 10n ** 12n,
      continues: null,
    }
    const reconcile = (ledger: Ledger) =>
      ledger.reconcileClaims({ storedBefore: Number.MAX_SAFE_INTEGER, zeroUntil: 0 })

    it('less the logged responses are the unlogged use', async () => {
      const ledger = await openLedger()
      await appendBatches(ledger, [sourceBatch([usageRecord()], { claims: [claim] })])
      expect(await reconcile(ledger)).toBe(true)
      expect(await ledger.unlogged()).toMatchObject([
        {
          project: 'shop',
          model: 'claude-opus-4-8',
          input: 100n,
          output: 50n,
          cacheWrite: 30n,
          costPico: 999_750_000_000n,
        },
      ])
      expect(await reconcile(ledger)).toBe(false)
    })

    it('never fall when a later total lags behind the log', async () => {
      const ledger = await openLedger()
      await appendBatches(ledger, [sourceBatch([usageRecord()], { claims: [claim] })])
      await reconcile(ledger)
      const lagging = { ...claim, time: 6, output: 20 }
      await appendBatches(ledger, [sourceBatch([], { expected: '1', cursor: '2', claims: [lagging] })])
      expect(await reconcile(ledger)).toBe(false)
      expect(await ledger.unlogged()).toMatchObject([{ output: 50n }])
    })

    it('of a fork leave out what the original session brought along', async () => {
      const ledger = await openLedger()
      const fork = { ...claim, session: 'fork', continues: 's1', input: 150, output: 70, time: 9 }
      await appendBatches(ledger, [sourceBatch([usageRecord()], { claims: [claim, fork] })])
      await reconcile(ledger)
      const rows = await ledger.unlogged()
      expect(rows.map(({ input, output }) => [input, output])).toEqual([
        [100n, 50n],
        [50n, 10n],
      ])
    })
  })
})
