import { describe, expect, it } from 'vitest'
import { leaseKeeper } from '../../src/leases.ts'
import type { LeaseName } from '../../src/ledger/machines.ts'

function ledgerThatSays(answers: readonly boolean[]) {
  const asked: [LeaseName, number][] = []
  return {
    asked,
    lease: async (name: LeaseName, forMs: number) => {
      asked.push([name, forMs])
      return answers[asked.length - 1] ?? false
    },
  }
}

describe('a lease that is kept', () => {
  it('asks the ledger again after half of its time', async () => {
    const ledger = ledgerThatSays([true, true])
    let now = 0
    const mayDo = leaseKeeper(ledger, 'pruning', 1_000, () => now)
    expect(await mayDo()).toBe(true)
    now = 499
    expect(await mayDo()).toBe(true)
    expect(ledger.asked).toEqual([['pruning', 1_000]])
    now = 500
    expect(await mayDo()).toBe(true)
    expect(ledger.asked).toHaveLength(2)
  })

  it('asks every time while somebody else has it', async () => {
    const ledger = ledgerThatSays([false, false, true])
    const mayDo = leaseKeeper(ledger, 'organizations', 1_000, () => 0)
    expect([await mayDo(), await mayDo(), await mayDo(), await mayDo()]).toEqual([false, false, true, true])
    expect(ledger.asked).toHaveLength(3)
  })

  it('does not count the time that the answer took', async () => {
    let now = 0
    const slow = {
      lease: async () => {
        now += 700
        return true
      },
    }
    const mayDo = leaseKeeper(slow, 'notices', 1_000, () => now)
    expect(await mayDo()).toBe(true)
    expect(await mayDo()).toBe(true)
    expect(now).toBe(1_400)
  })
})
