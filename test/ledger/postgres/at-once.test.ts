import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../../src/core/measures.ts'
import { HOUR_MS } from '../../../src/core/time.ts'
import type { UsageRecord } from '../../../src/core/usage.ts'
import { fold } from '../../../src/ingest/fold.ts'
import { append } from '../../../src/ledger/append.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import { openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { expose } from '../../../src/ledger/sql/expose.ts'
import { ledgerOn } from '../../../src/ledger/sql/ledger.ts'
import type { Step } from '../../../src/ledger/sql/store.ts'
import { pruneSome } from '../../../src/ledger/sql/upkeep.ts'
import { appendBatches, pricing } from '../../support/append.ts'
import { freshSchema, hasPostgres } from '../../support/postgres.ts'
import { sourceBatch, usagePart, usageRecord } from '../../support/usage-record.ts'
import { closeLater, postgresOptions, sharedPostgres } from '../contract/ledgers.ts'
import { ALL_TIME, DAY_1, usageRow, windowOf } from '../organization/rows.ts'

const records = (lines: readonly Partial<UsageRecord>[]) => lines.map((line) => usageRecord(line))

/** What a transaction does that stores these lines. */
const storing = (lines: readonly Partial<UsageRecord>[], live: boolean) => async (step: Step) => {
  await append(step.tx, { ...fold([sourceBatch(records(lines))], pricing), live, now: 1_000_000, zeroFirstMs: 0 })
}

async function requests(ledger: Ledger): Promise<Record<string, number>> {
  const usage = await ledger.usage({ ...ALL_TIME, by: ['machine'] })
  return Object.fromEntries(usage.map(({ group, values }) => [group.join(), Number(values[MEASURE.requests])]))
}

describe.skipIf(!hasPostgres())('two machines at the same moment', () => {
  const server = sharedPostgres()

  /** Machines `a` and `b` on one ledger. */
  async function pair() {
    const schema = freshSchema()
    const openAs = async (uid: string) => {
      const store = await openPostgresStore(postgresOptions(await server(), schema, { machine: { uid, name: uid } }))
      const ledger = ledgerOn(store)
      closeLater(ledger)
      return { store, ledger }
    }
    const postgres = await server()
    /** Does the first within a transaction that ends once the other waits for it, or is done without. */
    const during = async <T>(
      first: { readonly store: Awaited<ReturnType<typeof openAs>>['store'] },
      within: (step: Step) => Promise<unknown>,
      other: () => Promise<T>,
    ): Promise<T> => {
      let second: Promise<T> | null = null
      await first.store.write(async (step) => {
        await within(step)
        // What is buffered is written before a question is asked.
        await step.db.one('SELECT 1')
        let isDone = false
        second = other().finally(() => {
          isDone = true
        })
        second.catch(() => {})
        await expect
          .poll(
            async () => isDone || (await postgres.psql('SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1')) === '1',
            {
              timeout: 30_000,
            },
          )
          .toBe(true)
      })
      return second ?? other()
    }
    return { a: await openAs('a'), b: await openAs('b'), during }
  }

  it('store the same new response: it counts once, for who came first', async () => {
    const { a, b, during } = await pair()
    await during(a, storing([{ settled: false }], true), () =>
      appendBatches(b.ledger, [sourceBatch(records([{ parts: [usagePart({ output: 70 })] }]))]),
    )
    expect(await requests(a.ledger)).toEqual({ a: 1 })
    expect(await a.ledger.heldCount()).toBe(0)
    expect(await a.ledger.check()).toMatchObject({ responses: 1, differences: [] })
  })

  it.each([
    ['the copy without its id is there first', { identity: 'a:1' }, { identity: 'a:1:x', shadows: 'a:1' }],
    ['the response is there first', { identity: 'a:1:x', shadows: 'a:1' }, { identity: 'a:1' }],
  ])('store a response and its copy without an id: one counts, whether %s', async (_, first, second) => {
    const { a, b, during } = await pair()
    const source = { source: 'pi', provider: 'anthropic' } as const
    await during(a, storing([{ ...source, ...first }], true), () =>
      appendBatches(b.ledger, [sourceBatch(records([{ ...source, ...second }]))]),
    )
    expect(Object.values(await requests(a.ledger))).toEqual([1])
    expect(await a.ledger.check()).toMatchObject({ responses: 1, differences: [] })
  })

  it('find that a response is theirs, with better numbers: both count', async () => {
    const { a, b, during } = await pair()
    await appendBatches(a.ledger, [sourceBatch(records([{ ownerRank: 2, project: 'copy', winRank: 0 }]))])
    await during(b, storing([{ ownerRank: 1, project: 'shop', winRank: 0 }], true), () =>
      appendBatches(a.ledger, [
        sourceBatch(records([{ ownerRank: 2, project: 'copy', parts: [usagePart({ output: 99 })] }]), {
          expected: '1',
          cursor: '2',
        }),
      ]),
    )
    const usage = await a.ledger.usage({ ...ALL_TIME, by: ['project', 'machine'] })
    expect(usage.map(({ group, values }) => [...group, values[MEASURE.output]])).toEqual([['shop', 'b', 99]])
    expect(await a.ledger.check()).toMatchObject({ differences: [] })
  })

  it('publish a held response: it is shown once', async () => {
    const { a, b, during } = await pair()
    await appendBatches(a.ledger, [sourceBatch(records([{ settled: false }]))])
    await during(b, storing([{ settled: true }], true), () => a.ledger.settleHeld({ heldBefore: 10 ** 14 }))
    const [counter] = await a.ledger.counters()
    expect(counter?.published[MEASURE.requests]).toBe(1)
    expect(await a.ledger.check()).toMatchObject({ differences: [] })
  })

  it('end their first load and show a session of both: it is counted once', async () => {
    const { a, b, during } = await pair()
    await appendBatches(a.ledger, [sourceBatch(records([{ identity: 'm:a' }]))], { live: false })
    await appendBatches(b.ledger, [sourceBatch(records([{ identity: 'm:b' }]))], { live: false })
    const delta = await during(
      a,
      (step) => expose(step, a.store.machine, { source: 'claude-code', roots: ['/a'] }),
      () => b.ledger.expose({ source: 'claude-code', roots: ['/b'] }),
    )
    expect(delta.sessions).toEqual([])
    const [label] = (await a.ledger.labels()).filter(({ machine }) => machine === 'a')
    expect(await a.ledger.sessionStarts()).toEqual([{ source: 'claude-code', label: label?.id, sessions: 1 }])
    expect((await a.ledger.labels()).every(({ exposed }) => exposed)).toBe(true)
  })

  it('take from each other what is being shown for the first time: no counter falls once it is shown', async () => {
    const { a, b, during } = await pair()
    await appendBatches(a.ledger, [sourceBatch(records([{ ownerRank: 2, project: 'copy' }]))], { live: false })
    await during(
      a,
      (step) => expose(step, a.store.machine, { source: 'claude-code', roots: ['/a'] }),
      () => appendBatches(b.ledger, [sourceBatch(records([{ ownerRank: 0, project: 'shop' }]))]),
    )
    const labels = new Map((await a.ledger.labels()).map(({ id, machine }) => [id, machine]))
    const shown = (await a.ledger.counters()).map(({ label, published, reversed }) => [
      labels.get(label),
      published[MEASURE.requests],
      reversed[MEASURE.requests],
    ])
    expect(shown.sort()).toEqual([
      ['a', 1, 1],
      ['b', 1, 0],
    ])
  })

  it('drop an old response and read it again: it stays dropped and counted once', async () => {
    const { a, b, during } = await pair()
    await appendBatches(a.ledger, [sourceBatch(records([{}]))])
    await during(
      a,
      ({ db }) => pruneSome(db, 10 ** 14),
      () => appendBatches(b.ledger, [sourceBatch(records([{}]))]),
    )
    expect(await requests(a.ledger)).toEqual({ a: 1 })
    expect(await a.ledger.check()).toMatchObject({ responses: 0, differences: [] })
  })

  it('replace the same window of an organisation: what came last stands, each row once', async () => {
    const { a, b, during } = await pair()
    const window = (input: number) =>
      windowOf(DAY_1, DAY_1 + 3 * HOUR_MS, [usageRow(DAY_1, input), usageRow(DAY_1 + HOUR_MS, input)])
    await Promise.all([1, 2, 3, 4].map((n) => (n % 2 ? a : b).ledger.replaceUsage(window(n))))
    await during(
      a,
      ({ db }) => db.run('UPDATE api_usage SET input = input + 1'),
      () => b.ledger.replaceUsage(window(9)),
    )
    const found = await a.ledger.apiUsage({ ...ALL_TIME, by: [] })
    expect(found).toHaveLength(1)
    expect(await a.store.read((rows) => rows.all('SELECT input FROM api_usage'))).toEqual([[9], [9]])
  })
})
