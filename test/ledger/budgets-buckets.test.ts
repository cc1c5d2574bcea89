import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts'
import type { ApiLabel } from '../../src/ledger/budgets.ts'
import { ledgerKinds } from './contract/ledgers.ts'
import { ALL_TIME, costRow, DAY_1, usageRow, windowOf } from './organization/rows.ts'

describe.each(ledgerKinds())('on $name', ({ newPlace, openLedger, runs }) => {
  const USD = 10n ** 12n
  const everything = { ...ALL_TIME, matches: () => true }
  const hour = (n: number) => DAY_1 + n * HOUR_MS

  it('an empty ledger has no buckets', async () => {
    const ledger = await openLedger()
    expect(await ledger.billedBuckets(everything)).toEqual([])
    expect(await ledger.usageBuckets(everything)).toEqual([])
    await ledger.close()
  })

  it('buckets are sums over the labels that match, ascending', async () => {
    const ledger = await openLedger()
    const rows = [
      usageRow(hour(2), 10),
      usageRow(hour(1), 20, { serviceTier: 'batch' }),
      usageRow(hour(1), 30),
      usageRow(hour(1), 400, { workspaceId: 'wrkspc_2' }),
    ]
    await ledger.replaceUsage(windowOf(hour(0), hour(24), rows))
    const asked: ApiLabel[] = []
    const found = await ledger.usageBuckets({
      ...ALL_TIME,
      matches: (label) => {
        asked.push(label)
        return label.workspace === 'wrkspc_1'
      },
    })
    expect(found).toEqual([
      { start: hour(1), widthMs: HOUR_MS, tokens: [50n, 4n, 6n, 8n, 10n] },
      { start: hour(2), widthMs: HOUR_MS, tokens: [10n, 2n, 3n, 4n, 5n] },
    ])
    const label = { organization: 'default', workspace: 'wrkspc_1', apiKey: 'apikey_1', model: 'claude-opus-4-8' }
    expect(asked).toContainEqual(label)
    expect(asked).toContainEqual({ ...label, workspace: 'wrkspc_2' })
    expect(await ledger.usageBuckets({ ...ALL_TIME, matches: () => false })).toEqual([])
    expect(await ledger.billedBuckets(everything)).toEqual([])
    await ledger.close()
  })

  it.each([
    ['buckets that begin within', hour(1), hour(3), [1, 2]],
    ['a bucket that began before is not within', hour(1) + 1, hour(3), [2]],
    ['a bucket that begins at the end is not within', hour(0), hour(1), [0]],
    ['nothing', hour(2), hour(2), []],
    ['without bounds', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, [0, 1, 2, 3]],
  ] as const)('a range holds: %s', async (_, from, to, expected) => {
    const ledger = await openLedger()
    await ledger.replaceCost(
      windowOf(
        hour(0),
        hour(24),
        [0, 1, 2, 3].map((n) => costRow(hour(n), 1n)),
      ),
    )
    await ledger.replaceUsage(
      windowOf(
        hour(0),
        hour(24),
        [0, 1, 2, 3].map((n) => usageRow(hour(n), 1)),
      ),
    )
    const query = { from, to, matches: () => true }
    expect((await ledger.billedBuckets(query)).map(({ start }) => start)).toEqual(expected.map(hour))
    expect((await ledger.usageBuckets(query)).map(({ start }) => start)).toEqual(expected.map(hour))
    await ledger.close()
  })

  it('sums are exact below zero and beyond 64 bits', async () => {
    const ledger = await openLedger()
    const nearlyFull = (2n ** 63n - 1n) * USD + 999_999_999_999n
    const lowest = -(2n ** 63n) * USD
    const amounts = [nearlyFull, nearlyFull, nearlyFull, 1n, -USD - 1n]
    const rows = [
      ...amounts.map((amount, n) => costRow(hour(0), amount, { description: `${n}` })),
      ...[lowest, lowest, -1n].map((amount, n) => costRow(hour(1), amount, { description: `${n}` })),
    ]
    await ledger.replaceCost(windowOf(hour(0), hour(24), rows))
    expect(await ledger.billedBuckets(everything)).toEqual([
      { start: hour(0), widthMs: HOUR_MS, amountPico: 3n * nearlyFull - USD },
      { start: hour(1), widthMs: HOUR_MS, amountPico: 2n * lowest - 1n },
    ])
    const most = Array.from({ length: 1100 }, (_, n) =>
      usageRow(hour(0), Number.MAX_SAFE_INTEGER, { apiKeyId: `apikey_${n}` }),
    )
    await ledger.replaceUsage(windowOf(hour(0), hour(24), most))
    const [bucket] = await ledger.usageBuckets(everything)
    expect(bucket?.tokens).toEqual([1100n * (2n ** 53n - 1n), 2200n, 3300n, 4400n, 5500n])
    await ledger.close()
  })

  it('any number of labels may match', async () => {
    const ledger = await openLedger()
    const rows = Array.from({ length: 1300 }, (_, n) => usageRow(hour(0), n, { apiKeyId: `apikey_${n}` }))
    await ledger.replaceUsage(windowOf(hour(0), hour(24), rows))
    for (const below of [1, 499, 500, 501, 1000, 1001, 1299, 1300]) {
      const matches = ({ apiKey }: ApiLabel) => Number(apiKey.slice('apikey_'.length)) < below
      const [bucket] = await ledger.usageBuckets({ ...ALL_TIME, matches })
      expect(bucket?.tokens[0]).toBe(BigInt((below * (below - 1)) / 2))
      expect(bucket?.tokens[1]).toBe(BigInt(below * 2))
    }
    await ledger.close()
  })

  it('two organisations with buckets of different widths give one of each', async () => {
    const ledger = await openLedger()
    const day = { organization: 'b', widthMs: DAY_MS }
    await ledger.replaceCost(windowOf(DAY_1, DAY_1 + DAY_MS, [costRow(DAY_1, 5n)], day))
    await ledger.replaceCost(windowOf(DAY_1, DAY_1 + DAY_MS, [costRow(DAY_1, 3n), costRow(hour(1), 4n)]))
    expect(await ledger.billedBuckets(everything)).toEqual([
      { start: hour(0), widthMs: HOUR_MS, amountPico: 3n },
      { start: hour(0), widthMs: DAY_MS, amountPico: 5n },
      { start: hour(1), widthMs: HOUR_MS, amountPico: 4n },
    ])
    await ledger.close()
  })

  it('a scope that throws rejects with LedgerError', async () => {
    const ledger = await openLedger()
    await ledger.replaceCost(windowOf(hour(0), hour(24), [costRow(hour(0), 1n)]))
    const matches = () => {
      throw new Error('bad pattern')
    }
    await expect(ledger.billedBuckets({ ...ALL_TIME, matches })).rejects.toMatchObject({ name: 'LedgerError' })
    await ledger.close()
  })

  it('any scope over any rows gives what adding them up one by one gives', async () => {
    const big = fc.bigInt({ min: -(2n ** 62n) * USD, max: 2n ** 62n * USD })
    const cell = fc.record({
      organization: fc.constantFrom('acme', 'default', 'Übung'),
      hour: fc.nat(71),
      workspaceId: fc.constantFrom('w1', 'w2', ''),
      apiKeyId: fc.constantFrom('k1', "k'2"),
      model: fc.constantFrom('opus', 'haiku'),
      serviceTier: fc.constantFrom('standard', 'batch'),
      amount: big,
      input: fc.maxSafeNat(),
    })
    const scope = fc.record({
      organizations: fc.subarray(['acme', 'default', 'Übung']),
      workspaces: fc.subarray(['w1', 'w2', '']),
      keys: fc.subarray(['k1', "k'2"], { minLength: 1 }),
      models: fc.subarray(['opus', 'haiku'], { minLength: 1 }),
      from: fc.nat(71),
      hours: fc.nat(72),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { maxLength: 60 }),
        fc.array(scope, { minLength: 1, maxLength: 4 }),
        async (cells, scopes) => {
          const place = newPlace()
          const ledger = await place.open()
          const rows = new Map(cells.map((row) => [JSON.stringify({ ...row, amount: '', input: '' }), row]))
          for (const organization of ['acme', 'default', 'Übung']) {
            const own = [...rows.values()].filter((row) => row.organization === organization)
            const window = { organization }
            await ledger.replaceCost(
              windowOf(
                hour(0),
                hour(72),
                own.map((row) => costRow(hour(row.hour), row.amount, labelsOf(row))),
                window,
              ),
            )
            await ledger.replaceUsage(
              windowOf(
                hour(0),
                hour(72),
                own.map((row) => usageRow(hour(row.hour), row.input, labelsOf(row))),
                window,
              ),
            )
          }
          const reader = await place.reader()
          for (const { organizations, workspaces, keys, models, from, hours } of scopes) {
            const amounts = new Map<number, bigint>()
            const tokens = new Map<number, bigint[]>()
            for (const row of rows.values()) {
              const isMeant =
                organizations.includes(row.organization) &&
                workspaces.includes(row.workspaceId) &&
                keys.includes(row.apiKeyId) &&
                models.includes(row.model) &&
                row.hour >= from &&
                row.hour < from + hours
              if (!isMeant) continue
              amounts.set(row.hour, (amounts.get(row.hour) ?? 0n) + row.amount)
              const sum = tokens.get(row.hour) ?? [0n, 0n, 0n, 0n, 0n]
              tokens.set(
                row.hour,
                [BigInt(row.input), 2n, 3n, 4n, 5n].map((value, index) => value + (sum[index] ?? 0n)),
              )
            }
            const inOrder = <T>(sums: Map<number, T>) => [...sums].sort(([a], [b]) => a - b)
            const query = {
              from: hour(from),
              to: hour(from + hours),
              matches: (label: ApiLabel) =>
                organizations.includes(label.organization) &&
                workspaces.includes(label.workspace) &&
                keys.includes(label.apiKey) &&
                models.includes(label.model),
            }
            for (const open of [ledger, reader]) {
              expect(await open.billedBuckets(query)).toEqual(
                inOrder(amounts).map(([at, amountPico]) => ({ start: hour(at), widthMs: HOUR_MS, amountPico })),
              )
              expect(await open.usageBuckets(query)).toEqual(
                inOrder(tokens).map(([at, sums]) => ({ start: hour(at), widthMs: HOUR_MS, tokens: sums })),
              )
            }
          }
          await reader.close()
          await ledger.close()
        },
      ),
      { numRuns: runs(40) },
    )
  }, 60_000)

  function labelsOf({
    workspaceId,
    apiKeyId,
    model,
    serviceTier,
  }: Readonly<Record<'workspaceId' | 'apiKeyId' | 'model' | 'serviceTier', string>>) {
    return { workspaceId, apiKeyId, model, serviceTier }
  }
})
