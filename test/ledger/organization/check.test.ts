import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts'
import { openSqliteReader } from '../../../src/ledger/sqlite/ledger.ts'
import { tempFolder, tempLedger } from '../../support/temp.ts'
import { costRow, DAY_1, usageRow, windowOf } from './rows.ts'

/** A ledger with two hours of usage and cost of one organisation and a day of another. */
async function filled(): Promise<string> {
  const path = join(tempFolder(), 'ledger.sqlite')
  const ledger = tempLedger(path)
  const hours = [DAY_1, DAY_1 + HOUR_MS]
  await ledger.replaceUsage(
    windowOf(
      DAY_1,
      DAY_1 + DAY_MS,
      hours.map((start) => usageRow(start, 1, { requests: null })),
    ),
  )
  await ledger.replaceCost(
    windowOf(DAY_1, DAY_1 + DAY_MS, [costRow(DAY_1, -5n), costRow(DAY_1 + HOUR_MS, 1n, { listPico: null })]),
  )
  const daily = { organization: 'acme', widthMs: DAY_MS, generation: 'legacy' as const }
  await ledger.replaceCost(windowOf(DAY_1, DAY_1 + DAY_MS, [costRow(DAY_1, 9n)], daily))
  expect((await ledger.check()).organizationFaults).toEqual([])
  await ledger.close()
  return path
}

const FIRST = new Date(DAY_1).toISOString()
const SECOND = new Date(DAY_1 + HOUR_MS).toISOString()
const ofDefault = "organization = 'default'"
const ofSecond = `${ofDefault} AND start = ${DAY_1 + HOUR_MS}`

it.each([
  [
    'a label that is gone',
    "DELETE FROM api_label WHERE organization = 'acme'",
    [`acme: rows of api_cost without a label of their organisation: 1, the first at ${FIRST}`],
  ],
  [
    'a label of another organisation',
    `UPDATE api_cost SET label_id = (SELECT id FROM api_label WHERE organization = 'acme') WHERE ${ofSecond}`,
    [`default: rows of api_cost without a label of their organisation: 1, the first at ${SECOND}`],
  ],
  [
    'a negative width',
    `UPDATE api_usage SET width = -width WHERE ${ofSecond}`,
    [`default: rows of api_usage that are no bucket of a day: 1, the first at ${SECOND}`],
  ],
  [
    'a width of nothing',
    `UPDATE api_usage SET width = 0 WHERE ${ofDefault}`,
    [`default: rows of api_usage that are no bucket of a day: 2, the first at ${FIRST}`],
  ],
  [
    'a bucket that begins where none does',
    `UPDATE api_usage SET start = start + 1 WHERE ${ofSecond}`,
    [
      `default: rows of api_usage that are no bucket of a day: 1, the first at ${new Date(DAY_1 + HOUR_MS + 1).toISOString()}`,
    ],
  ],
  [
    'a bucket that ends after the next has begun',
    `UPDATE api_cost SET width = ${2 * HOUR_MS} WHERE ${ofDefault} AND start = ${DAY_1}`,
    [`default: buckets of api_cost that overlap: 1, the first at ${FIRST}`],
  ],
  [
    'two widths of one bucket',
    `INSERT INTO api_label SELECT NULL, organization, 'w9', api_key_id, model, service_tier, context_window, cost_type,
       token_type, description FROM api_label WHERE ${ofDefault} LIMIT 1;
     INSERT INTO api_cost SELECT organization, start, (SELECT MAX(id) FROM api_label WHERE ${ofDefault}), width / 2,
       generation, 0, 0, NULL, NULL FROM api_cost WHERE ${ofSecond}`,
    [`default: buckets of api_cost that overlap: 1, the first at ${SECOND}`],
  ],
  [
    'a negative count',
    `UPDATE api_usage SET cache_read = -1 WHERE ${ofDefault}`,
    [`default: rows of api_usage with a negative count: 2, the first at ${FIRST}`],
  ],
  [
    'pico-dollars that make a dollar',
    `UPDATE api_cost SET amount_pico = 1000000000000 WHERE ${ofSecond}`,
    [`default: rows of api_cost with an amount of the wrong form: 1, the first at ${SECOND}`],
  ],
  [
    'half of a list price',
    `UPDATE api_cost SET list_usd = 0 WHERE ${ofSecond}`,
    [`default: rows of api_cost with an amount of the wrong form: 1, the first at ${SECOND}`],
  ],
  [
    'a day that is complete beyond its end',
    "UPDATE api_coverage SET complete_to = complete_to + 1 WHERE organization = 'acme'",
    [`acme: covered days that are no days: 1, the first at ${FIRST}`],
  ],
  [
    'an instant that no calendar has',
    `UPDATE api_usage SET label_id = 99, start = 9000000000000000 WHERE ${ofSecond}`,
    ['default: rows of api_usage without a label of their organisation: 1, the first at 9000000000000000'],
  ],
])('tells of %s', async (_, damage, expected) => {
  const path = await filled()
  const db = new Sqlite(path)
  db.exec(damage)
  db.close()
  const reader = openSqliteReader(path)
  expect(await reader.check()).toEqual({ integrity: 'ok', responses: 0, differences: [], organizationFaults: expected })
  await reader.close()
})
