import { describe, expect, it } from 'vitest'
import { type Ledger, LedgerError } from '../../src/ledger/ledger.ts'
import { openWhenAsked } from '../../src/ledger/reconnecting.ts'

const KNOWN = { place: 'postgres://db/claude', machine: 'laptop' }

class FakeLedger {
  readonly place = KNOWN.place
  readonly machine = 'laptop-2'
  readonly isShared = true
  closed = 0

  async heldCount(): Promise<number> {
    return this.closed + 7
  }

  async close(): Promise<void> {
    this.closed += 1
  }
}

describe('a ledger whose server need not be there yet', () => {
  it('is opened by whoever asks first, once, and keeps what it is', async () => {
    const fake = new FakeLedger()
    let opened = 0
    const ledger = openWhenAsked(KNOWN, async () => {
      opened += 1
      return fake as unknown as Ledger
    })
    expect(ledger.machine).toBe('laptop')
    expect(await Promise.all([ledger.heldCount(), ledger.heldCount()])).toEqual([7, 7])
    expect(opened).toBe(1)
    expect(ledger.machine).toBe('laptop-2')
    expect(ledger.place).toBe(KNOWN.place)
    // A promise may hold it: it is no promise itself.
    expect(await Promise.resolve(ledger)).toBe(ledger)
  })

  it('rejects as opening does until that succeeds', async () => {
    let isThere = false
    const ledger = openWhenAsked(KNOWN, async () => {
      if (!isThere) throw new LedgerError('away', 'connection refused')
      return new FakeLedger() as unknown as Ledger
    })
    await expect(ledger.heldCount()).rejects.toMatchObject({ failure: 'away' })
    await expect(ledger.heldCount()).rejects.toMatchObject({ failure: 'away' })
    isThere = true
    expect(await ledger.heldCount()).toBe(7)
  })

  it('closes what it opened, waits for an opening that is under way, and opens nothing afterwards', async () => {
    const fake = new FakeLedger()
    let finish: (ledger: Ledger) => void = () => {}
    const ledger = openWhenAsked(
      KNOWN,
      () =>
        new Promise((resolve) => {
          finish = resolve
        }),
    )
    const asked = ledger.heldCount()
    const closed = ledger.close()
    finish(fake as unknown as Ledger)
    await closed
    expect(fake.closed).toBe(1)
    await asked
    const never = openWhenAsked(KNOWN, async () => fake as unknown as Ledger)
    await never.close()
    await expect(never.heldCount()).rejects.toMatchObject({ failure: 'away' })
    expect(fake.closed).toBe(1)
  })
})
