import { describe, expect, it } from 'vitest'
import { NO_CHANGES, type SyncRun } from '../../../src/core/sync-run.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import type { RunEnd } from '../../../src/ledger/organization.ts'
import { ledgerKinds } from '../contract/ledgers.ts'

describe.each(ledgerKinds())('on $name', ({ newPlace, openLedger }) => {
  const END: RunEnd = {
    endedAt: 20,
    result: 'ok',
    generation: 'analytics',
    from: 1,
    to: 2,
    attempts: 3,
    requests: 4,
    changes: { fetched: 5, added: 6, changed: 7, removed: 8, unchanged: 9 },
    reason: null,
    error: null,
  }
  const FAILED: RunEnd = {
    ...END,
    result: 'failed',
    generation: null,
    from: null,
    to: null,
    reason: 'auth',
    error: 'no',
  }

  async function ran(ledger: Ledger, source: string, startedAt: number, end: RunEnd | null): Promise<number> {
    const id = await ledger.startRun({ source, cause: 'schedule', startedAt })
    if (end !== null) await ledger.endRun(id, end)
    return id
  }

  const idsOf = (runs: readonly SyncRun[]) => runs.map(({ id }) => id)

  it('a run is told as it stands, newest first', async () => {
    const place = newPlace()
    const ledger = await place.open()
    const first = await ran(ledger, 'anthropic-usage', 10, END)
    const second = await ran(ledger, 'anthropic-cost', 30, FAILED)
    const third = await ran(ledger, 'anthropic-usage', 30, null)
    const reader = await place.reader()
    const common = { cause: 'schedule' as const }
    expect(await reader.runs({ limit: 10 })).toEqual([
      {
        ...{ id: third, source: 'anthropic-usage', startedAt: 30, ...common },
        ...{ endedAt: null, result: 'running', generation: null, from: null, to: null, attempts: 0, requests: 0 },
        ...{ changes: NO_CHANGES, reason: null, error: null },
      },
      { id: second, source: 'anthropic-cost', startedAt: 30, ...common, ...FAILED },
      { id: first, source: 'anthropic-usage', startedAt: 10, ...common, ...END },
    ])
    await reader.close()
    expect(idsOf(await ledger.runs({ limit: 1 }))).toEqual([third])
    expect(idsOf(await ledger.runs({ source: 'anthropic-usage', limit: 9 }))).toEqual([third, first])
    expect(idsOf(await ledger.runs({ result: 'failed', since: 30, limit: 9 }))).toEqual([second])
    expect(idsOf(await ledger.runs({ since: 11, source: 'anthropic-usage', limit: 9 }))).toEqual([third])
    await expect(ledger.endRun(99, END)).rejects.toThrow(/no run 99/)
    await ledger.close()
  })

  it('runs left open by a program that is no more are interrupted, once', async () => {
    const place = newPlace()
    const before = await place.open()
    const done = await ran(before, 'a', 10, END)
    const open = await ran(before, 'a', 20, null)
    const ahead = await ran(before, 'b', 90, null)
    await before.close()
    const ledger = await place.open()
    expect(await ledger.interruptRuns(50)).toBe(2)
    expect(await ledger.interruptRuns(60)).toBe(0)
    expect(await ledger.runs({ limit: 9 })).toMatchObject([
      { id: ahead, result: 'interrupted', endedAt: 90 },
      { id: open, result: 'interrupted', endedAt: 50 },
      { id: done, result: 'ok', endedAt: 20 },
    ])
    await ledger.close()
  })

  it('old runs are forgotten, but not the newest of a source and its last success', async () => {
    const ledger = await openLedger()
    await ran(ledger, 'a', 1, END)
    const success = await ran(ledger, 'a', 2, END)
    await ran(ledger, 'a', 3, FAILED)
    const newest = await ran(ledger, 'a', 4, FAILED)
    await ran(ledger, 'b', 5, FAILED)
    const only = await ran(ledger, 'b', 6, FAILED)
    await ran(ledger, 'c', 7, END)
    const young = await ran(ledger, 'c', 11, FAILED)
    const younger = await ran(ledger, 'c', 12, END)
    expect(await ledger.pruneRuns(10)).toBe(4)
    expect(idsOf(await ledger.runs({ limit: 99 }))).toEqual([younger, young, only, newest, success])
    expect(await ledger.pruneRuns(10)).toBe(0)
    await ledger.close()
  })
})
