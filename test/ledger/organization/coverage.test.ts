import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts'
import type { Window } from '../../../src/ledger/organization.ts'
import { ledgerKinds } from '../contract/ledgers.ts'
import { ALL_TIME, DAY_1, windowOf } from './rows.ts'

describe.each(ledgerKinds())('on $name', ({ openLedger }) => {
  const hour = (n: number) => DAY_1 + n * HOUR_MS
  type Step = { from: number; to: number; completeTo?: number; readAt: number; legacy?: true; conflict?: true }

  /** Hours after DAY_1, as are the results: [day, kind, complete to, read at]. */
  const cases: { what: string; steps: Step[]; known: [number, string, number, number][] }[] = [
    {
      what: 'whole days are known up to where the data are complete',
      steps: [{ from: 0, to: 72, completeTo: 30, readAt: 1 }],
      known: [
        [0, 'analytics', 24, 1],
        [24, 'analytics', 30, 1],
      ],
    },
    {
      what: 'a day that nothing is complete of is not known',
      steps: [{ from: 0, to: 48, completeTo: 24, readAt: 1 }],
      known: [[0, 'analytics', 24, 1]],
    },
    {
      what: 'a later part extends a day, which stays as old as its first part',
      steps: [
        { from: 0, to: 24, completeTo: 10, readAt: 1 },
        { from: 8, to: 24, completeTo: 15, readAt: 2 },
        { from: 15, to: 24, completeTo: 20, readAt: 3 },
      ],
      known: [[0, 'analytics', 20, 1]],
    },
    {
      what: 'a later part after a hole changes nothing',
      steps: [
        { from: 0, to: 24, completeTo: 10, readAt: 1 },
        { from: 11, to: 48, readAt: 2 },
      ],
      known: [
        [0, 'analytics', 10, 1],
        [24, 'analytics', 48, 2],
      ],
    },
    { what: 'a later part alone makes no day known', steps: [{ from: 1, to: 24, readAt: 1 }], known: [] },
    {
      what: 'a window that ends before what is known does not lower it',
      steps: [
        { from: 0, to: 24, completeTo: 20, readAt: 1 },
        { from: 0, to: 10, readAt: 2 },
        { from: 5, to: 12, readAt: 3 },
      ],
      known: [[0, 'analytics', 20, 1]],
    },
    {
      what: 'a day that is read again as far as it was known is as new as that reading',
      steps: [
        { from: 0, to: 24, completeTo: 20, readAt: 1 },
        { from: 0, to: 24, completeTo: 20, readAt: 2 },
      ],
      known: [[0, 'analytics', 20, 2]],
    },
    {
      what: 'another generation takes whole days over',
      steps: [
        { from: 0, to: 48, readAt: 1, legacy: true },
        { from: 24, to: 48, completeTo: 40, readAt: 2 },
      ],
      known: [
        [0, 'legacy', 24, 1],
        [24, 'analytics', 40, 2],
      ],
    },
    {
      what: 'a day that another generation has nothing of yet is not known any more',
      steps: [
        { from: 0, to: 48, readAt: 1, legacy: true },
        { from: 0, to: 48, completeTo: 24, readAt: 2 },
      ],
      known: [[0, 'analytics', 24, 2]],
    },
    {
      what: 'another generation cannot take over the end or the beginning of a day',
      steps: [
        { from: 0, to: 24, readAt: 1, legacy: true },
        { from: 12, to: 24, readAt: 2, conflict: true },
        { from: 0, to: 12, readAt: 3, conflict: true },
      ],
      known: [[0, 'legacy', 24, 1]],
    },
  ]

  it.each(cases)('$what', async ({ steps, known }) => {
    const ledger = await openLedger()
    for (const { from, to, completeTo, readAt, legacy, conflict } of steps) {
      const window: Window<never> = windowOf<never>(hour(from), hour(to), [], {
        completeTo: hour(completeTo ?? to),
        readAt,
        generation: legacy ? 'legacy' : 'analytics',
      })
      const replaced = ledger.replaceUsage(window)
      if (conflict) await expect(replaced).rejects.toMatchObject({ failure: 'conflict' })
      else await replaced
    }
    const expected = known.map(([day, generation, completeTo, readAt]) => ({
      day: hour(day),
      generation,
      widthMs: HOUR_MS,
      completeTo: hour(completeTo),
      readAt,
    }))
    expect(await ledger.coverage('default', 'usage', ALL_TIME)).toEqual(expected)
    expect(await ledger.coverage('default', 'cost', ALL_TIME)).toEqual([])
    expect(await ledger.coverage('acme', 'usage', ALL_TIME)).toEqual([])
    const second = expected.filter(({ day }) => day === hour(24))
    expect(await ledger.coverage('default', 'usage', { from: DAY_1 + 1, to: DAY_1 + 2 * DAY_MS })).toEqual(second)
    await ledger.close()
  })
})
