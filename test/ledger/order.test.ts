import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MEASURES } from '../../src/core/measures.ts'
import type { UsageRecord } from '../../src/core/usage.ts'
import { appendBatches } from '../support/append.ts'
import { sourceBatch } from '../support/usage-record.ts'
import { ledgerKinds } from './contract/ledgers.ts'
import { anyLine, contents } from './random-lines.ts'

describe.each(ledgerKinds())('on $name', ({ openLedger, runs }) => {
  async function loaded(lines: readonly UsageRecord[], cuts: readonly number[]) {
    const ledger = await openLedger()
    const bounds = [0, ...[...cuts].sort((a, b) => a - b), lines.length]
    for (let index = 1; index < bounds.length; index++) {
      const part = lines.slice(bounds[index - 1], bounds[index])
      for (const source of ['claude-code', 'pi'] as const) {
        const records = part.filter((record) => record.source === source)
        await appendBatches(ledger, [
          sourceBatch(records, { source, expected: index === 1 ? null : String(index - 1), cursor: String(index) }),
        ])
      }
    }
    await ledger.settleHeld({ heldBefore: Number.MAX_SAFE_INTEGER })
    const check = await ledger.check()
    const result = { contents: await contents(ledger), check }
    await ledger.close()
    return result
  }

  describe('the ledger does not depend on how lines arrive', () => {
    it('any permutation, repetition and batch size of the same lines gives the same sums', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyLine, { minLength: 1, maxLength: 14 }).chain((lines) =>
            fc.record({
              lines: fc.constant(lines),
              shuffled: fc
                .shuffledSubarray(lines, { minLength: lines.length })
                .chain((shuffled) => fc.subarray(lines).map((again) => [...shuffled, ...again])),
              cuts: fc.array(fc.nat({ max: lines.length }), { maxLength: 4 }),
            }),
          ),
          async ({ lines, shuffled, cuts }) => {
            const straight = await loaded(lines, [])
            const other = await loaded(shuffled, cuts)
            expect(other.contents).toEqual(straight.contents)
            expect(straight.check).toMatchObject({ integrity: 'ok', differences: [] })
            expect(other.check).toMatchObject({ integrity: 'ok', differences: [] })
          },
        ),
        { numRuns: runs(150) },
      )
    }, 300_000)

    it('names every measure once', () => {
      expect(new Set(MEASURES).size).toBe(MEASURES.length)
    })
  })
})
