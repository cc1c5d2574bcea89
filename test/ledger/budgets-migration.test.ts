import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import type { Label, Ledger } from '../../src/ledger/ledger.ts'
import { MIGRATIONS, versionOf } from '../../src/ledger/migrate.ts'
import { openSqliteReader } from '../../src/ledger/sqlite/ledger.ts'
import { appendBatches } from '../support/append.ts'
import { tempFolder, tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { oldLedger } from './old-ledger.ts'
import { ALL_TIME, costRow, DAY_1, usageRow, windowOf } from './organization/rows.ts'

const AT = Date.UTC(2026, 4, 4, 9, 12)

/** A ledger of the second version with something in every part of it. */
function ledgerOfVersion2(path: string): Promise<void> {
  return oldLedger(path, 2, async (ledger) => {
    const parts = [usagePart({ output: 5, cacheRead: 9 }), usagePart({ input: 3 }, 'claude-haiku-4-5')]
    const records = [0, 1, 2].map((n) =>
      usageRecord({ identity: `m:${n}`, session: `s${n % 2}`, time: AT + n, parts, settled: n < 2 }),
    )
    await appendBatches(ledger, [sourceBatch(records)])
    await ledger.expose({ source: 'claude-code', roots: ['/logs'] })
    await ledger.replaceCost(windowOf(DAY_1, DAY_1 + DAY_MS, [costRow(DAY_1, -7n)]))
    await ledger.replaceUsage(windowOf(DAY_1, DAY_1 + DAY_MS, [usageRow(DAY_1, 5)]))
    await ledger.startRun({ source: 'anthropic-usage', cause: 'start', startedAt: 1 })
  })
}

/** All that a ledger of the second version could tell. */
async function everythingIn(ledger: Ledger) {
  const range = { from: 0, to: 10 ** 14 }
  return {
    check: await ledger.check(),
    roots: await ledger.loadedRoots('claude-code'),
    streams: await ledger.streams('claude-code'),
    labels: (await ledger.labels()).map(withoutMachine),
    counters: await ledger.counters(),
    slots: await ledger.slots(0),
    starts: await ledger.sessionStarts(),
    tallies: await ledger.tallies(),
    held: await ledger.heldCount(),
    sessions: await ledger.sessions(range),
    parts: (await ledger.explain(range)).map((part) => ({ ...part, label: withoutMachine(part.label) })),
    active: await ledger.activeSessions(AT - 1, AT + 9),
    cost: await ledger.billedCost({ ...ALL_TIME, by: ['model', 'token_type'] }),
    usage: await ledger.apiUsage({ ...ALL_TIME, by: ['model'] }),
    billedBuckets: await ledger.billedBuckets({ ...ALL_TIME, matches: () => true }),
    coverage: await ledger.coverage('default', 'cost', range),
    runs: await ledger.runs({ limit: 9 }),
  }
}

/** A ledger of the second version knew of no machines. */
function withoutMachine({ machine, ...label }: Label): Omit<Label, 'machine'> {
  expect(['', 'local']).toContain(machine)
  return label
}

it('a ledger of the second version can be read, and keeps everything when it becomes the newest', async () => {
  const path = join(tempFolder(), 'ledger.sqlite')
  await ledgerOfVersion2(path)

  const before = openSqliteReader(path)
  const told = await everythingIn(before)
  expect(told.check).toEqual({ integrity: 'ok', responses: 3, differences: [], organizationFaults: [] })
  expect(told.active.map(({ unattendedRequests }) => unattendedRequests)).toEqual([null, null, null, null])
  expect(told.billedBuckets).toHaveLength(1)
  expect([await before.budgetPeriods({}), await before.crossings({}), await before.forecasts({})]).toEqual([[], [], []])
  await before.close()

  const ledger = tempLedger(path)
  expect(await everythingIn(ledger)).toEqual(told)
  expect(await ledger.claimNotice('key', 1)).toBe(true)
  const turns = [{ source: 'claude-code' as const, session: 's0', time: AT }]
  await appendBatches(ledger, [sourceBatch([], { stream: 'f2', turns })], { now: AT })
  const active = await ledger.activeSessions(AT - 1, AT + 9)
  expect(new Map(active.map(({ session, unattendedRequests }) => [session, unattendedRequests]))).toEqual(
    new Map([
      ['s0', 1],
      ['s1', null],
    ]),
  )
  await ledger.close()

  const copyPath = `${path}.before-v${MIGRATIONS.length}`
  const copy = openSqliteReader(copyPath)
  expect(await everythingIn(copy)).toEqual(told)
  await copy.close()
  const aside = new Sqlite(copyPath, { readonly: true })
  expect(versionOf(aside)).toBe(2)
  aside.close()
})
