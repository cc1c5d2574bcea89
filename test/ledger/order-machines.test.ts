import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UsageRecord } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { appendBatches } from '../support/append.ts'
import { sourceBatch } from '../support/usage-record.ts'
import { type LedgerPlace, ledgerKinds } from './contract/ledgers.ts'
import { anyLine, contents } from './random-lines.ts'

interface Part {
  readonly machine: 'a' | 'b'
  readonly lines: readonly UsageRecord[]
}

/** Reads each part on its machine, one after the other, into one ledger. */
async function loaded(place: LedgerPlace, parts: readonly Part[]) {
  const on = async <T>(machine: string, work: (ledger: Ledger) => Promise<T>): Promise<T> => {
    const ledger = await place.open(machine)
    const result = await work(ledger)
    await ledger.close()
    return result
  }
  for (const { machine, lines } of parts) {
    await on(machine, async (ledger) => {
      for (const source of ['claude-code', 'pi'] as const) {
        const records = lines.filter((record) => record.source === source)
        const expected = (await ledger.streams(source))[0]?.cursor ?? null
        const cursor = String(Number(expected ?? 0) + 1)
        await appendBatches(ledger, [sourceBatch(records, { source, expected, cursor })])
      }
    })
  }
  for (const machine of ['a', 'b']) {
    await on(machine, (ledger) => ledger.settleHeld({ heldBefore: Number.MAX_SAFE_INTEGER }))
  }
  return on('a', async (ledger) => ({ contents: await contents(ledger), check: await ledger.check() }))
}

const machine = fc.constantFrom('a' as const, 'b' as const)

describe.each(ledgerKinds())('the ledger on $name', ({ newPlace, runs }) => {
  it('lines read on two machines, in any order and again, give what they give on one, apart from who is named', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLine, { minLength: 1, maxLength: 10 }).chain((lines) =>
          fc.record({
            lines: fc.constant(lines),
            parts: fc.array(
              fc.record({
                machine,
                lines: fc.shuffledSubarray(lines, { maxLength: lines.length }),
              }),
              { maxLength: 3 },
            ),
            last: fc.record({ machine, lines: fc.shuffledSubarray(lines, { minLength: lines.length }) }),
          }),
        ),
        async ({ lines, parts, last }) => {
          const straight = await loaded(newPlace(), [{ machine: 'a', lines }])
          const other = await loaded(newPlace(), [...parts, last])
          expect(other.contents).toEqual(straight.contents)
          expect(other.check).toMatchObject({ integrity: 'ok', differences: [] })
        },
      ),
      { numRuns: runs(40) },
    )
  }, 300_000)
})
