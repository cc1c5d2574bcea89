import { describe, expect, it } from 'vitest'
import { accumulate, type Measures } from '../../../src/core/measures.ts'
import type { Delta, Ledger } from '../../../src/ledger/ledger.ts'
import { openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../../src/ledger/sql/ledger.ts'
import { appendBatches } from '../../support/append.ts'
import { freshSchema, hasPostgres } from '../../support/postgres.ts'
import { sourceBatch, usagePart, usageRecord } from '../../support/usage-record.ts'
import { closeLater, postgresOptions, sharedPostgres } from '../contract/ledgers.ts'

/** Sums as whoever follows a ledger keeps them. */
class Follower {
  readonly rollup = new Map<string, Measures>()
  readonly counters = new Map<string, Measures>()
  readonly sessions = new Map<number, number>()
  readonly labels = new Map<number, string>()
  #revision = -1

  static async from(ledger: Ledger): Promise<Follower> {
    const { ledger: frozen, revision } = await ledger.freeze()
    const follower = new Follower()
    follower.#take({
      labels: await frozen.labels(),
      rollup: await frozen.slots(0),
      counters: await frozen.counters(),
      sessions: await frozen.sessionStarts(),
    })
    follower.#revision = revision
    await frozen.close()
    return follower
  }

  apply(deltas: readonly Delta[]): void {
    for (const delta of deltas) if (delta.revision > this.#revision) this.#take(delta)
  }

  contents() {
    const sorted = (map: ReadonlyMap<unknown, unknown>) =>
      [...map]
        .map(([key, value]) => `${key}: ${value}`)
        .filter((text) => !/: (0,)*0$/.test(text))
        .sort()
    return [sorted(this.rollup), sorted(this.counters), sorted(this.sessions), sorted(this.labels)]
  }

  #take({ labels, rollup, counters, sessions }: Pick<Delta, 'labels' | 'rollup' | 'counters' | 'sessions'>): void {
    const add = (map: Map<string, Measures>, key: string, values: Measures) =>
      map.set(key, accumulate([...(map.get(key) ?? values.map(() => 0))], values))
    for (const label of labels) this.labels.set(label.id, JSON.stringify(label))
    for (const { slot, label, values } of rollup) add(this.rollup, `${slot} ${label}`, values)
    for (const { label, published, reversed } of counters) {
      add(this.counters, `${label} +`, published)
      add(this.counters, `${label} -`, reversed)
    }
    for (const { label, sessions: count } of sessions) {
      this.sessions.set(label, (this.sessions.get(label) ?? 0) + count)
    }
  }
}

describe.skipIf(!hasPostgres())('news of other programs', () => {
  const server = sharedPostgres()
  const openAs = async (schema: string, uid: string) => {
    const ledger = ledgerOn(
      await openPostgresStore(postgresOptions(await server(), schema, { machine: { uid, name: uid } })),
    )
    closeLater(ledger)
    return ledger
  }

  it('and own commits give the same sums as reading everything, also across frozen moments', async () => {
    const schema = freshSchema()
    const ledgers = [await openAs(schema, 'one'), await openAs(schema, 'two')] as const
    const followers = [await Follower.from(ledgers[0]), await Follower.from(ledgers[1])]
    const cursors = [0, 0]
    let seed = 7
    const dice = (sides: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % sides
    }
    const step = async (who: 0 | 1) => {
      const ledger = ledgers[who]
      const kind = dice(10)
      if (kind < 6) {
        const records = Array.from({ length: 1 + dice(5) }, () => {
          const n = dice(60)
          return usageRecord({
            identity: `r${n}`,
            time: 900_000 * (n % 5) + n,
            session: `s${dice(4)}`,
            agent: dice(2) ? 'none' : 'Explore',
            winRank: dice(4),
            settled: dice(3) > 0,
            parts: [usagePart({ output: dice(100) })],
          })
        })
        const cursor = cursors[who] ?? 0
        const expected = cursor === 0 ? null : String(cursor)
        cursors[who] = cursor + 1
        followers[who]?.apply([
          await appendBatches(ledger, [sourceBatch(records, { expected, cursor: String(cursor + 1) })]),
        ])
      } else if (kind < 7) {
        followers[who]?.apply([await ledger.settleHeld({ heldBefore: Number.MAX_SAFE_INTEGER })])
      } else if (kind < 9) {
        followers[who]?.apply((await ledger.news()).deltas)
      } else {
        followers[who] = await Follower.from(ledger)
      }
    }
    for (let round = 0; round < 60; round++) await Promise.all([step(0), step(1)])
    for (const who of [0, 1] as const) {
      followers[who]?.apply((await ledgers[who].news()).deltas)
      const fresh = await Follower.from(ledgers[who])
      expect(followers[who]?.contents()).toEqual(fresh.contents())
      expect(await ledgers[who].check()).toMatchObject({ differences: [] })
    }
  }, 120_000)

  it('are told once, and own commits never', async () => {
    const schema = freshSchema()
    const one = await openAs(schema, 'one')
    const two = await openAs(schema, 'two')
    await appendBatches(one, [sourceBatch([usageRecord()])])
    expect(await one.news()).toEqual({ deltas: [], organizations: false, reload: false })
    const news = await two.news()
    expect(news.deltas).toHaveLength(1)
    expect(news).toMatchObject({ reload: false, organizations: false })
    expect((await two.news()).deltas).toEqual([])
  })

  it('keep sums beyond 2^53 exact', async () => {
    const schema = freshSchema()
    const one = await openAs(schema, 'one')
    const two = await openAs(schema, 'two')
    const huge = Array.from({ length: 3 }, (_, n) =>
      usageRecord({ identity: `h${n}`, parts: [usagePart({ output: Number.MAX_SAFE_INTEGER - n })] }),
    )
    const own = await appendBatches(one, [sourceBatch(huge)])
    const [told] = (await two.news()).deltas
    expect(told?.counters).toEqual(own.counters)
    expect(told?.rollup.map(({ values }) => values)).toEqual(own.rollup.map(({ values }) => values))
  })

  it('that were thrown away ask to read everything again', async () => {
    const postgres = await server()
    const schema = freshSchema()
    const one = await openAs(schema, 'one')
    const two = await openAs(schema, 'two')
    await appendBatches(one, [sourceBatch([usageRecord()])])
    await postgres.psql(`UPDATE ${schema}.commit_log SET at = at - 16 * 60000`)
    // A program that has just begun tidies up with its first commit.
    const three = await openAs(schema, 'three')
    await appendBatches(three, [sourceBatch([usageRecord({ identity: 'other' })])])
    expect(await postgres.psql(`SELECT count(*) FROM ${schema}.commit_log`)).toBe('1')
    expect(await two.news()).toMatchObject({ deltas: [], reload: true })
    expect(await two.news()).toMatchObject({ deltas: [], reload: false })
    await appendBatches(one, [sourceBatch([usageRecord({ identity: 'more' })], { expected: '1', cursor: '2' })])
    expect((await two.news()).deltas).toHaveLength(1)
  })
})
