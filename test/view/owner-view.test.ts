import { describe, expect, it, onTestFinished } from 'vitest'
import { ownerSettingsOf } from '../../src/config/owners.ts'
import { PICO_PER_USD } from '../../src/core/money.ts'
import type { UsageRecord } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { loadHistory } from '../../src/view/load-history.ts'
import { OwnerView } from '../../src/view/owner-view.ts'
import { loadFrom } from '../config/load-from.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2026-05-31T20:00:00Z')
const JUNE = Date.parse('2026-05-31T22:00:00Z')
const RULES = `
  - {project: web, owner: ada, until: 2026-05-30}
  - {project: web, owner: bob, team: t, since: 2026-05-31}
  - {workspace: w, owner: ada}
  - {project: old, owner: gone, until: 2026-04-30}`

let identities = 0

/** A response of so many thousand output tokens, each thousand of 1.5 cents. */
function use(at: string, thousands: number, fields: Partial<UsageRecord> = {}): UsageRecord {
  identities += 1
  return usageRecord({
    identity: `m:${identities}`,
    time: Date.parse(at),
    project: 'web',
    parts: [usagePart({ output: thousands * 1_000 }, 'claude-sonnet-4-5')],
    ...fields,
  })
}

async function settingsOf(owners: string) {
  return ownerSettingsOf((await loadFrom({ yaml: `owners: ${owners}` })).config)
}

async function viewOn({ owners = RULES, uses = [] as readonly UsageRecord[] } = {}) {
  const ledger = tempLedger()
  onTestFinished(() => ledger.close())
  let now = NOW
  const settings = await settingsOf(owners)
  const view = new OwnerView({ settings, timeZone: 'Europe/Berlin', now: () => now, organizations: () => ['acme'] })
  const append = (records: readonly UsageRecord[]) => {
    identities += 1
    const stream = `f${identities}`
    return appendBatches(ledger, [sourceBatch([...records], { stream, path: stream })], { now })
  }
  if (uses.length > 0) await append(uses)
  await loadHistory(ledger, [view], now)
  return {
    view,
    ledger,
    add: async (records: readonly UsageRecord[]) => view.apply(await append(records)),
    wait: (at: number) => {
      now = at
    },
    estimated: () => estimatedOf(view),
  }
}

function estimatedOf(view: OwnerView): Record<string, number> {
  return Object.fromEntries(
    view.part().monthToDate.map(({ labels, estimatedPico }) => [labels.owner, Number(estimatedPico) / 1e12]),
  )
}

async function bill(ledger: Ledger, days: number, from = Date.parse('2026-05-01T00:00:00Z')): Promise<void> {
  const row = {
    model: 'm',
    serviceTier: 'none',
    contextWindow: 'none',
    costType: 'tokens',
    tokenType: 'input',
    description: '',
  }
  const amount = { start: from, amountPico: PICO_PER_USD, listPico: null, apiKeyId: 'none' }
  await ledger.replaceCost({
    organization: 'acme',
    generation: 'analytics',
    widthMs: DAY_MS,
    from,
    to: from + days * DAY_MS,
    completeTo: from + days * DAY_MS,
    readAt: NOW,
    rows: [
      { ...row, ...amount, workspaceId: 'w' },
      { ...row, ...amount, workspaceId: 'none', costType: 'fee', amountPico: -5n },
    ],
  })
}

describe('what owners used this month', () => {
  it('is charged by the day of the zone, at 0 too for owners of the month, and without others', async () => {
    const { estimated } = await viewOn({
      uses: [use('2026-04-30T21:59:59Z', 100), use('2026-05-30T21:59:59Z', 1), use('2026-05-30T22:00:00Z', 2)],
    })
    expect(estimated()).toEqual({ ada: 0.015, bob: 0.03, unallocated: 0 })
  })

  it('follows what is committed, and begins anew with the month', async () => {
    const { add, estimated, wait } = await viewOn({ uses: [use('2026-05-31T10:00:00Z', 1)] })
    await add([use('2026-05-31T19:00:00Z', 1), use('2026-05-31T19:00:00Z', 4, { project: 'blog' })])
    expect(estimated()).toEqual({ ada: 0, bob: 0.03, unallocated: 0.06 })
    wait(JUNE)
    expect(estimated()).toEqual({ bob: 0, ada: 0, unallocated: 0 })
    await add([use('2026-05-31T22:00:00Z', 3), use('2026-05-31T21:59:59Z', 100)])
    expect(estimated()).toEqual({ bob: 0.045, ada: 0, unallocated: 0 })
  })

  it('has what was logged for the next month before it began', async () => {
    const { add, estimated, wait } = await viewOn()
    await add([use('2026-06-01T09:00:00Z', 2)])
    expect(estimated()['bob']).toBe(0)
    wait(JUNE)
    expect(estimated()['bob']).toBe(0.03)
  })

  it('is the same whether it was loaded or followed', async () => {
    const uses = [use('2026-05-30T12:00:00Z', 1), use('2026-05-31T12:00:00Z', 2, { billing: 'plan' })]
    const followed = await viewOn()
    await followed.add(uses)
    const loaded = await viewOn({ uses })
    expect(followed.view.part().monthToDate).toEqual(loaded.view.part().monthToDate)
    expect(loaded.view.part().monthToDate.map(({ planPico }) => planPico)).toEqual([0n, (PICO_PER_USD * 3n) / 100n, 0n])
  })

  it('is nothing without rules', async () => {
    const { view } = await viewOn({ owners: '[]', uses: [use('2026-05-31T12:00:00Z', 1)] })
    expect(view.part().monthToDate).toEqual([])
  })
})

describe('what owners were billed this month', () => {
  const billedOf = (view: OwnerView) =>
    view.part().monthToDate.map(({ labels, billedPico }) => [labels.owner, billedPico])

  it('is of the UTC month, with what has no workspace unallocated', async () => {
    const { view, ledger } = await viewOn()
    await bill(ledger, 3)
    await view.refreshOrganizations(ledger)
    expect(billedOf(view)).toEqual([
      ['ada', PICO_PER_USD],
      ['bob', 0n],
      ['unallocated', -5n],
    ])
  })

  it.each([
    ['before anything was read', 0, 0],
    ['with a gap at its begin', 2, DAY_MS],
  ])('is unknown %s', async (_, days, late) => {
    const { view, ledger } = await viewOn()
    if (days > 0) await bill(ledger, days, Date.parse('2026-05-01T00:00:00Z') + late)
    await view.refreshOrganizations(ledger)
    expect(billedOf(view).map(([, pico]) => pico)).toEqual([null, null, null])
  })

  it('is unknown from the turn of the UTC month until it is read again', async () => {
    const { view, ledger, wait } = await viewOn()
    await bill(ledger, 3)
    await view.refreshOrganizations(ledger)
    wait(Date.parse('2026-06-01T00:00:00Z'))
    expect(billedOf(view).map(([, pico]) => pico)).toEqual([null, null, null])
  })
})
