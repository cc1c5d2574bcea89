import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import { API_DIMENSIONS } from '../../../src/ledger/organization.ts'
import { ledgerKinds } from '../contract/ledgers.ts'
import { ALL_TIME, claudeCodeModel, claudeCodeRow, costRow, DAY_1, usageRow, windowOf } from './rows.ts'

describe.each(ledgerKinds())('on $name', ({ openLedger }) => {
  const hour = (n: number) => DAY_1 + n * HOUR_MS
  const changes = (fetched: number, added: number, changed: number, removed: number, unchanged: number) => ({
    fetched,
    added,
    changed,
    removed,
    unchanged,
  })

  async function inputOf(ledger: Ledger): Promise<number> {
    const sums = await ledger.apiUsage({ ...ALL_TIME, by: [] })
    return Number(sums[0]?.input ?? 0n)
  }

  describe('a window of usage', () => {
    it('is stored whole and read back', async () => {
      const ledger = await openLedger()
      const other = usageRow(hour(1), 20, { workspaceId: 'default', requests: null })
      const window = windowOf(hour(0), hour(24), [usageRow(hour(0), 10), usageRow(hour(1), 10), other])
      expect(await ledger.replaceUsage(window)).toEqual(changes(3, 3, 0, 0, 0))
      expect(await ledger.apiUsage({ ...ALL_TIME, by: API_DIMENSIONS })).toEqual([
        {
          slot: 0,
          group: ['default', 'default', 'apikey_1', 'claude-opus-4-8', 'standard', '0-200k', 'none', 'none', 'none'],
          ...{ input: 20n, cacheWrite5m: 2n, cacheWrite1h: 3n, cacheRead: 4n, output: 5n, webSearches: 1n },
          requests: null,
        },
        {
          slot: 0,
          group: ['default', 'wrkspc_1', 'apikey_1', 'claude-opus-4-8', 'standard', '0-200k', 'none', 'none', 'none'],
          ...{ input: 20n, cacheWrite5m: 4n, cacheWrite1h: 6n, cacheRead: 8n, output: 10n, webSearches: 2n },
          requests: 14n,
        },
      ])
      expect(await ledger.apiUsage({ ...ALL_TIME, by: [] })).toMatchObject([{ input: 40n, requests: null }])
      expect(await ledger.organizations()).toEqual(['default'])
      await ledger.close()
    })

    it('counts once however often it is read, and follows revisions up and down', async () => {
      const ledger = await openLedger()
      const read = (rows: readonly ReturnType<typeof usageRow>[]) =>
        ledger.replaceUsage(windowOf(hour(0), hour(24), rows))
      const seen = [usageRow(hour(0), 10), usageRow(hour(1), 10), usageRow(hour(2), 10)]
      await read(seen)
      expect(await read(seen)).toEqual(changes(3, 0, 0, 0, 3))
      const revised = [usageRow(hour(0), 15), usageRow(hour(1), 4), usageRow(hour(3), 1)]
      expect(await read(revised)).toEqual(changes(3, 1, 2, 1, 0))
      expect(await inputOf(ledger)).toBe(20)
      const overlap = windowOf(hour(1), hour(30), [usageRow(hour(1), 4), usageRow(hour(25), 100)])
      expect(await ledger.replaceUsage(overlap)).toEqual(changes(2, 1, 0, 1, 1))
      expect(await inputOf(ledger)).toBe(119)
      await ledger.close()
    })

    it('keeps what may still come, but nothing of another kind', async () => {
      const ledger = await openLedger()
      const rows = [usageRow(hour(0), 1), usageRow(hour(1), 2), usageRow(hour(2), 4), usageRow(hour(3), 8)]
      await ledger.replaceUsage(windowOf(hour(0), hour(24), rows))
      // What was seen of a bucket that has begun and does not come back was taken back.
      const later = windowOf(hour(0), hour(24), [], { completeTo: hour(2.5) })
      expect(await ledger.replaceUsage(later)).toEqual(changes(0, 0, 0, 3, 0))
      expect(await inputOf(ledger)).toBe(8)
      const legacy = { ...later, generation: 'legacy', rows: [usageRow(hour(2), 64)] } as const
      expect(await ledger.replaceUsage(legacy)).toEqual(changes(1, 1, 0, 1, 0))
      expect(await inputOf(ledger)).toBe(64)
      await ledger.close()
    })

    it('changes only its own organisation and report', async () => {
      const ledger = await openLedger()
      await ledger.replaceUsage(windowOf(hour(0), hour(24), [usageRow(hour(0), 1)]))
      await ledger.replaceUsage(windowOf(hour(0), hour(24), [usageRow(hour(0), 2)], { organization: 'acme' }))
      await ledger.replaceCost(windowOf(hour(0), hour(24), [costRow(hour(0), 3n)]))
      await ledger.replaceUsage(windowOf(hour(0), hour(24), []))
      expect(await ledger.apiUsage({ ...ALL_TIME, by: ['organization'] })).toMatchObject([
        { group: ['acme'], input: 2n },
      ])
      expect(await ledger.apiUsage({ ...ALL_TIME, by: [], organization: 'default' })).toEqual([])
      expect(await ledger.billedCost({ ...ALL_TIME, by: [] })).toMatchObject([{ amountPico: 3n }])
      expect(await ledger.organizations()).toEqual(['acme', 'default'])
      await ledger.close()
    })

    it('never leaves two generations or widths of one bucket', async () => {
      const ledger = await openLedger()
      const daily = windowOf(hour(0), hour(24), [usageRow(hour(0), 100)], { generation: 'legacy', widthMs: DAY_MS })
      await ledger.replaceUsage(daily)
      const part = windowOf(hour(6), hour(12), [usageRow(hour(6), 7)])
      await expect(ledger.replaceUsage(part)).rejects.toMatchObject({ failure: 'conflict' })
      const end = windowOf(hour(-24), hour(12), [usageRow(hour(6), 7)])
      await expect(ledger.replaceUsage(end)).rejects.toMatchObject({ failure: 'conflict' })
      expect(await ledger.widenWindow('default', 'usage', part)).toEqual({ from: hour(0), to: hour(24) })
      expect(await ledger.widenWindow('default', 'usage', end)).toEqual({ from: hour(-24), to: hour(24) })
      expect(await ledger.widenWindow('default', 'cost', part)).toEqual({ from: hour(6), to: hour(12) })
      expect(await inputOf(ledger)).toBe(100)
      const whole = windowOf(hour(0), hour(24), [usageRow(hour(0), 60), usageRow(hour(6), 7)])
      expect(await ledger.replaceUsage(whole)).toEqual(changes(2, 1, 1, 0, 0))
      expect(await inputOf(ledger)).toBe(67)
      expect(await ledger.widenWindow('default', 'usage', part)).toEqual({ from: hour(6), to: hour(12) })
      await ledger.close()
    })

    it('that is only tried leaves nothing behind', async () => {
      const ledger = await openLedger()
      await ledger.replaceUsage(windowOf(hour(0), hour(24), [usageRow(hour(0), 1), usageRow(hour(1), 1)]))
      const before = await ledger.coverage('default', 'usage', ALL_TIME)
      const next = windowOf(hour(0), hour(48), [usageRow(hour(0), 2), usageRow(hour(5), 9, { model: 'new' })])
      const told = await ledger.replaceUsage(next, { dryRun: true })
      expect(told).toEqual(changes(2, 1, 1, 1, 0))
      expect(await inputOf(ledger)).toBe(2)
      expect(await ledger.coverage('default', 'usage', ALL_TIME)).toEqual(before)
      expect(await ledger.replaceUsage(next)).toEqual(told)
      expect(await ledger.apiUsage({ ...ALL_TIME, by: ['model'] })).toMatchObject([{ input: 2n }, { input: 9n }])
      await ledger.close()
    })

    it('that fails in its middle leaves all as it was', async () => {
      const ledger = await openLedger()
      await ledger.replaceUsage(windowOf(hour(0), hour(24), [usageRow(hour(0), 1), usageRow(hour(1), 1)]))
      const before = await ledger.coverage('default', 'usage', ALL_TIME)
      const bad = usageRow(hour(30), 1, { model: 'bad', webSearches: 0.5 })
      const window = windowOf(hour(0), hour(48), [usageRow(hour(0), 5), usageRow(hour(2), 5, { model: 'm2' }), bad])
      await expect(ledger.replaceUsage(window)).rejects.toThrow(/REAL|bigint/)
      const twice = windowOf(hour(0), hour(48), [usageRow(hour(3), 5), usageRow(hour(3), 6)])
      await expect(ledger.replaceUsage(twice)).rejects.toThrow(/two rows of one bucket/)
      expect(await ledger.apiUsage({ ...ALL_TIME, by: ['model'] })).toMatchObject([{ input: 2n }])
      expect(await ledger.coverage('default', 'usage', ALL_TIME)).toEqual(before)
      await ledger.close()
    })

    it.each([
      { what: 'an end within a bucket', window: windowOf(hour(0), hour(1.5), []) },
      { what: 'ends that are swapped', window: windowOf(hour(2), hour(1), []) },
      { what: 'a width that does not divide the day', window: windowOf(0, 0, [], { widthMs: 7 * HOUR_MS }) },
      { what: 'a row outside', window: windowOf(hour(0), hour(1), [usageRow(hour(1), 1)]) },
      { what: 'a row within a bucket', window: windowOf(hour(0), hour(1), [usageRow(hour(0.5), 1)]) },
    ])('refuses $what', async ({ window }) => {
      const ledger = await openLedger()
      await expect(ledger.replaceUsage(window)).rejects.toThrow(RangeError)
      await ledger.close()
    })
  })

  describe('a window of Claude Code', () => {
    const day = (rows: readonly ReturnType<typeof claudeCodeRow>[]) =>
      windowOf(DAY_1, DAY_1 + DAY_MS, rows, { generation: null, widthMs: DAY_MS })

    it('is stored with its models and replaced', async () => {
      const ledger = await openLedger()
      const models = [claudeCodeModel('a', -1n), claudeCodeModel('b', 2n ** 70n)]
      const rows = [claudeCodeRow(DAY_1, { models }), claudeCodeRow(DAY_1, { actorType: 'api_key', isRemote: true })]
      expect(await ledger.replaceClaudeCode(day(rows))).toEqual(changes(2, 2, 0, 0, 0))
      expect(await ledger.claudeCode(ALL_TIME)).toEqual(rows.map((row) => ({ organization: 'default', ...row })))
      const turned = [claudeCodeRow(DAY_1, { models: models.toReversed() }), claudeCodeRow(DAY_1, { actor: 'bob' })]
      expect(await ledger.replaceClaudeCode(day(turned))).toEqual(changes(2, 1, 0, 1, 1))
      const revised = [claudeCodeRow(DAY_1, { models: [claudeCodeModel('a', 5n)] })]
      expect(await ledger.replaceClaudeCode(day(revised))).toEqual(changes(1, 0, 1, 1, 0))
      expect(await ledger.claudeCode(ALL_TIME)).toEqual(revised.map((row) => ({ organization: 'default', ...row })))
      expect(await ledger.claudeCode({ from: DAY_1 + 1, to: DAY_1 + DAY_MS })).toEqual([])
      expect(await ledger.coverage('default', 'claude-code', ALL_TIME)).toMatchObject([
        { day: DAY_1, generation: null },
      ])
      await ledger.close()
    })
  })
})
