import { describe, expect, it } from 'vitest'
import type { Ledger, RollupChange } from '../../src/ledger/ledger.ts'
import { type HistoryReader, loadHistory } from '../../src/view/load-history.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch } from '../support/usage-record.ts'
import { DAY_MS, spend } from './budget-support.ts'

const NOON = Date.parse('2026-05-20T12:00:00Z')

class Reader implements HistoryReader {
  readonly rows: RollupChange[] = []
  readonly #from: number | null

  constructor(from: number | null) {
    this.#from = from
  }

  async prepare(): Promise<number | null> {
    return this.#from
  }

  addHistory(rows: readonly RollupChange[]): void {
    this.rows.push(...rows)
  }
}

async function ledgerWith(days: readonly number[]): Promise<Ledger> {
  const ledger = tempLedger()
  await appendBatches(ledger, [sourceBatch(days.map((ago) => spend(NOON - ago * DAY_MS, 1)))])
  return ledger
}

describe('loadHistory', () => {
  it('gives every reader each slot it needs once, those of the future too', async () => {
    const days = [100, 60, 59, 14, 7, 1, 0, -1, -30]
    const ledger = await ledgerWith(days)
    const readers = [new Reader(NOON - 60 * DAY_MS), new Reader(NOON - 7 * DAY_MS + 14 * 60_000), new Reader(null)]
    await loadHistory(ledger, readers, NOON)
    const ages = readers.map(({ rows }) => rows.map(({ slot }) => (NOON - slot) / DAY_MS))
    expect(ages).toEqual([days.slice(1), days.slice(4), []])
  })

  it('never has more than a week at once', async () => {
    const ledger = await ledgerWith(Array.from({ length: 40 }, (_, index) => index))
    const asked: (number | undefined)[] = []
    const slots: Ledger['slots'] = (from, to) => {
      asked.push(to && to - from)
      return ledger.slots(from, to)
    }
    const watched = new Proxy(ledger, { get: (target, name) => (name === 'slots' ? slots : Reflect.get(target, name)) })
    const reader = new Reader(NOON - 30 * DAY_MS)
    await loadHistory(watched, [reader], NOON)
    expect(asked).toEqual([7 * DAY_MS, 7 * DAY_MS, 7 * DAY_MS, 7 * DAY_MS, undefined])
    expect(reader.rows).toHaveLength(31)
  })

  it('gives nothing from an empty ledger', async () => {
    const reader = new Reader(0)
    await loadHistory(tempLedger(), [reader], NOON)
    expect(reader.rows).toEqual([])
  })

  it('does not ask for time before the first response, nor misses what lies in the future alone', async () => {
    const reader = new Reader(0)
    await loadHistory(await ledgerWith([-3]), [reader], NOON)
    expect(reader.rows).toHaveLength(1)
  })
})
