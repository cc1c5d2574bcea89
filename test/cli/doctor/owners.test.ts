import { describe, expect, it, onTestFinished } from 'vitest'
import { ownerHops } from '../../../src/cli/doctor/owners.ts'
import { loadFrom } from '../../config/load-from.ts'
import { appendBatches } from '../../support/append.ts'
import { tempLedger } from '../../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../../support/usage-record.ts'

const NOW = Date.parse('2026-05-20T12:00:00Z')

async function hopsWith(owners: string, uses: readonly (readonly [project: string, thousands: number])[]) {
  const ledger = tempLedger()
  onTestFinished(() => ledger.close())
  const records = uses.map(([project, thousands], index) =>
    usageRecord({
      identity: `m:${index}`,
      project,
      time: NOW - index * 86_400_000,
      parts: [usagePart({ output: thousands * 1_000 }, 'claude-sonnet-4-5')],
    }),
  )
  if (records.length > 0) await appendBatches(ledger, [sourceBatch(records)], { now: NOW })
  return ownerHops((await loadFrom({ yaml: `owners: ${owners}` })).config, ledger, NOW)
}

describe('what doctor says of owners', () => {
  const RULES = '[{project: web, owner: ada}]'

  it('is nothing without rules', async () => {
    expect(await hopsWith('[]', [['web', 1]])).toEqual([])
  })

  it.each([
    {
      uses: [
        ['web', 100],
        ['blog', 1],
      ] as const,
      state: 'ok',
      says: '1 rule; unallocated in the last 30 days: $0.0150 (1.0%) of estimated cost',
    },
    {
      uses: [
        ['web', 100],
        ['blog', 100],
      ] as const,
      state: 'warning',
      says: '$1.50 (50.0%) of estimated cost',
    },
    { uses: [] as const, state: 'ok', says: 'nothing was used' },
  ])('is how much no rule takes: $says', async ({ uses, state, says }) => {
    const [hop] = await hopsWith(RULES, uses)
    expect(hop).toMatchObject({ name: 'Owners', state })
    expect(hop?.seen).toContain(says)
  })
})
