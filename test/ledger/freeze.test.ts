import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../src/core/measures.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { appendBatches } from '../support/append.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { ledgerKinds } from './contract/ledgers.ts'

const TIME = Date.parse('2026-05-04T12:00:00Z')

function append(ledger: Ledger, index: number, output = 1) {
  const record = usageRecord({ identity: `m:${index}`, time: TIME, parts: [usagePart({ output })] })
  const expected = index === 1 ? null : String(index - 1)
  return appendBatches(ledger, [sourceBatch([record], { expected, cursor: String(index) })])
}

async function outputOf(ledger: Ledger): Promise<number> {
  return (await ledger.slots(0)).reduce((sum, { values }) => sum + Number(values[MEASURE.output]), 0)
}

describe.each(ledgerKinds())('a frozen ledger on $name', ({ openLedger }) => {
  it('holds what was committed up to its revision and nothing later, whenever it is read', async () => {
    const ledger = await openLedger()
    const first = await append(ledger, 1)
    const frozen = await ledger.freeze()
    const second = await append(ledger, 2)
    const later = await ledger.freeze()
    await append(ledger, 3)
    expect([await outputOf(frozen.ledger), await outputOf(later.ledger), await outputOf(ledger)]).toEqual([1, 2, 3])
    expect([frozen.revision, later.revision]).toEqual([first.revision, second.revision])
    expect(second.revision).toBeGreaterThan(first.revision)
    await frozen.ledger.close()
    await later.ledger.close()
    await append(ledger, 4)
    expect(await outputOf(ledger)).toBe(4)
    await ledger.close()
  })

  it('knows of no revision that failed', async () => {
    const ledger = await openLedger()
    const before = await append(ledger, 1)
    await expect(append(ledger, 7)).rejects.toMatchObject({ failure: 'conflict' })
    const frozen = await ledger.freeze()
    expect(frozen.revision).toBe(before.revision)
    await frozen.ledger.close()
    expect((await append(ledger, 2)).revision).toBeGreaterThan(frozen.revision)
    await ledger.close()
  })
})
