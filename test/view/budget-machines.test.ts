import { describe, expect, it } from 'vitest'
import { MEASURE, zeroMeasures } from '../../src/core/measures.ts'
import type { LabelRow } from '../../src/ledger/ledger.ts'
import { SessionAmounts } from '../../src/view/budgets/session-amounts.ts'
import { sessionDataState } from '../../src/view/budgets/session-data.ts'
import { budget, MINUTE_MS, sourceHealth } from './budget-support.ts'

const NOW = Date.parse('2026-05-20T12:00:00Z')
const MACHINES = ['laptop', 'server', 'build-1']

const labels = MACHINES.map(
  (machine, index): LabelRow => ({
    id: index + 1,
    source: 'pi',
    agent: 'none',
    provider: 'p',
    model: 'm',
    modelId: 'm',
    project: 'shop',
    branch: 'main',
    billing: 'metered',
    machine,
    exposed: true,
    zeroUntil: 0,
    folded: false,
  }),
)

const ofMachine = (...machine: string[]) =>
  budget({ name: machine.join(), basis: 'session_tokens', tokenClasses: ['output'], scope: { machine } })
const ofAll = budget({ name: 'all', basis: 'session_tokens', tokenClasses: ['output'] })

describe('budgets over machines', () => {
  it('add up to the one over everything', () => {
    const budgets = MACHINES.map((machine) => ofMachine(machine))
    const two = ofMachine('laptop', 'build-*')
    const amounts = new SessionAmounts([...budgets, two, ofAll])
    amounts.addLabels(labels)
    labels.forEach(({ id }) => {
      const values = zeroMeasures()
      values[MEASURE.output] = 10 ** id
      amounts.add([{ slot: NOW, label: id, values }])
    })
    const spent = (one: typeof ofAll) => amounts.series(one).amounts.sum(NOW, NOW + 15 * MINUTE_MS)
    expect(budgets.map(spent)).toEqual([10n, 100n, 1_000n])
    expect(spent(two)).toBe(1_010n)
    expect(budgets.map(spent).reduce((sum, tokens) => sum + tokens, 0n)).toBe(spent(ofAll))
  })
})

describe('what an exporter that reads no logs knows of them', () => {
  const ledger = { up: true, sizeBytes: 0, errors: {}, held: 0 }
  const machine = (readAt: number | null) => ({ name: 'm', version: '1', seenAt: NOW, readAt, newestAt: null })

  it.each([
    { what: 'up to the newest reading of another', machines: [machine(NOW - 9), machine(NOW - 5)], to: NOW - 5 },
    { what: 'nothing where nobody has read', machines: [machine(null)], to: null },
  ])('is $what', ({ machines, to }) => {
    const state = sessionDataState({ scope: {} }, { complete: true, ledger, sources: [], machines }, null, NOW)
    expect(state).toMatchObject({ to, problem: to === null ? 'source_unreadable' : null })
  })

  it('is not asked by one that reads some itself', () => {
    const data = { complete: true, ledger, sources: [sourceHealth()], machines: [machine(NOW - 9)] }
    expect(sessionDataState({ scope: {} }, data, null, NOW)).toMatchObject({ to: NOW, problem: null })
  })
})
