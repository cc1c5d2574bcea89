import { describe, expect, it } from 'vitest'
import { appendBatches } from '../support/append.ts'
import { sourceBatch, usageRecord } from '../support/usage-record.ts'
import { ledgerKinds } from './contract/ledgers.ts'

describe.each(ledgerKinds())('on $name', ({ openLedger }) => {
  const RANGE = { from: 0, to: 10 ** 14 }

  it('labels that came since the last reading are known to the next, and not to one that was frozen before', async () => {
    const ledger = await openLedger()
    const projects = async (of = ledger) =>
      (await of.usage({ ...RANGE, by: ['project'] })).map(({ group }) => group[0]).sort()
    const sessions = async (of = ledger) => (await of.sessions(RANGE)).map(({ project }) => project).sort()
    const append = (index: number) => {
      const record = usageRecord({
        identity: `m:${index}`,
        uuid: `u${index}`,
        session: `s${index}`,
        project: `p${index}`,
      })
      return appendBatches(ledger, [
        sourceBatch([record], { expected: index === 1 ? null : String(index - 1), cursor: String(index) }),
      ])
    }
    expect(await projects()).toEqual([])
    await append(1)
    expect([await projects(), await sessions()]).toEqual([['p1'], ['p1']])
    const frozen = await ledger.freeze()
    expect(await projects(frozen.ledger)).toEqual(['p1'])
    await append(2)
    expect([await projects(), await sessions()]).toEqual([
      ['p1', 'p2'],
      ['p1', 'p2'],
    ])
    expect([await projects(frozen.ledger), await sessions(frozen.ledger)]).toEqual([['p1'], ['p1']])
    await frozen.ledger.close()
    await ledger.close()
  })
})
