import { describe, expect, it } from 'vitest'
import { DEFAULT_THRESHOLDS } from '../../src/core/alert-thresholds.ts'
import { HealthView } from '../../src/view/health-view.ts'
import { type HolderOptions, SnapshotHolder } from '../../src/view/holder.ts'
import { UsageView } from '../../src/view/usage-view.ts'

const START = Date.parse('2026-05-20T12:00:10Z')

function holderAt(options: Partial<HolderOptions> = {}) {
  const clock = { now: START }
  const now = () => clock.now
  const usage = new UsageView({ timeZone: 'UTC', now, seriesLimit: 100 })
  const frame = { usage: () => usage, now, timeZone: 'UTC', seriesLimit: 100, listPrices: () => [] }
  return { clock, holder: new SnapshotHolder({ ...frame, health: () => new HealthView().part([]), ...options }) }
}

describe('the snapshot', () => {
  it('has no budgets, no habits and the shipped thresholds unless told otherwise', () => {
    const { holder } = holderAt()
    expect(holder.current()).toMatchObject({
      budgets: [],
      balances: [],
      habits: [],
      alertThresholds: DEFAULT_THRESHOLDS,
    })
  })

  it('has the thresholds of the moment it is made', () => {
    const thresholds = { ...DEFAULT_THRESHOLDS, unusual_cost_usd: 9 }
    const { holder } = holderAt({ alertThresholds: () => thresholds })
    expect(holder.current().alertThresholds).toBe(thresholds)
  })

  it.each([
    { what: 'with budgets', options: { budgets: () => ({ budgets: [], balances: [] }) }, isNew: true },
    { what: 'with habits', options: { habits: () => [] }, isNew: true },
    { what: 'without both', options: {}, isNew: false },
  ])('$what is a new one in the next minute: $isNew', ({ options, isNew }) => {
    const { clock, holder } = holderAt(options)
    const first = holder.current()
    clock.now = START + 49_999
    expect(holder.current()).toBe(first)
    clock.now = START + 50_000
    expect(holder.current() !== first).toBe(isNew)
    expect(holder.current()).toBe(holder.current())
  })
})
