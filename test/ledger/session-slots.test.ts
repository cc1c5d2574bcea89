import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { appendBatches } from '../support/append.ts'
import { sourceBatch, usageRecord } from '../support/usage-record.ts'
import { ledgerKinds } from './contract/ledgers.ts'

describe.each(ledgerKinds())('on $name', ({ openLedger }) => {
  const QUARTER_MS = 15 * 60_000
  const FIRST = Number.MIN_SAFE_INTEGER
  const LAST = Number.MAX_SAFE_INTEGER

  async function sessionsIn(ledger: Ledger, from = FIRST, to = LAST) {
    const labels = new Map((await ledger.labels()).map(({ id, project }) => [id, project]))
    return (await ledger.sessionSlots(from, to))
      .map(({ slot, label, sessions }) => [slot / QUARTER_MS, labels.get(label), sessions])
      .sort()
  }

  const response = (index: number, minute: number, fields: Parameters<typeof usageRecord>[0]) =>
    usageRecord({ identity: `m:${index}`, time: minute * 60_000, ...fields })

  describe('sessions per quarter of an hour', () => {
    it('count where their first response was, however late it was read', async () => {
      const ledger = await openLedger()
      await appendBatches(ledger, [
        sourceBatch([
          response(1, 40, { session: 'a' }),
          response(2, 16, { session: 'b' }),
          response(3, 29, { session: 'c' }),
          response(4, 20, { session: 'd', project: 'blog' }),
        ]),
      ])
      await appendBatches(ledger, [sourceBatch([response(5, 14, { session: 'a' })], { expected: '1', cursor: '2' })])
      expect(await sessionsIn(ledger)).toEqual([
        [0, 'shop', 1],
        [1, 'blog', 1],
        [1, 'shop', 2],
      ])
    })

    it('are those of slots that begin within the range', async () => {
      const ledger = await openLedger()
      await appendBatches(ledger, [
        sourceBatch([
          response(1, -1, { session: 'a' }),
          response(2, 15, { session: 'b' }),
          response(3, 31, { session: 'c' }),
        ]),
      ])
      expect(await sessionsIn(ledger, -QUARTER_MS, 2 * QUARTER_MS)).toEqual([
        [-1, 'shop', 1],
        [1, 'shop', 1],
      ])
      expect(await sessionsIn(ledger, 0, QUARTER_MS)).toEqual([])
      expect(await sessionsIn(ledger, 2 * QUARTER_MS)).toEqual([[2, 'shop', 1]])
    })

    it('are none before they count as started, such as those a turn alone told of', async () => {
      const ledger = await openLedger()
      const turns = [{ source: 'claude-code' as const, session: 'quiet', time: 5 }]
      await appendBatches(ledger, [sourceBatch([response(1, 1, { session: 'a' })], { turns })], { live: false })
      expect(await sessionsIn(ledger)).toEqual([])
      await ledger.expose({ source: 'claude-code', roots: [] })
      expect(await sessionsIn(ledger)).toEqual([[0, 'shop', 1]])
    })
  })
})
