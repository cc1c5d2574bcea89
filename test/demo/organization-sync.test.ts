import { expect, it } from 'vitest'
import type { Report } from '../../src/core/organization.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import { createBooks } from '../../src/demo/organization/books.ts'
import { OrganizationSync } from '../../src/ingest/organization/run.ts'
import { reach } from '../../src/sources/admin-api/reach.ts'
import { silent } from '../ingest/organization/fakes.ts'
import { tempLedger } from '../support/temp.ts'
import { apiOf, mixedWorld, never, pricing } from './organization-fixture.ts'

const FROM = Date.parse('2026-09-20T00:00:00Z')
const NOW = Date.parse('2026-10-22T14:37:00Z')
const world = mixedWorld(FROM, 31 * MINUTE_MS)

function setUp() {
  const clock = { now: NOW }
  const ledger = tempLedger()
  const sync = new OrganizationSync({
    api: apiOf(world, () => clock.now),
    ledger,
    reach,
    settings: { usageWidth: '1h', costWidth: '1h', historyMs: 33 * DAY_MS },
    now: () => clock.now,
    events: { started: () => {}, finished: () => {}, changed: () => {} },
    logger: silent,
  })
  const run = async (report: Report) => sync.run({ report, cause: 'command' }, never)
  return { clock, ledger, run }
}

it.each(['usage', 'cost', 'directory', 'claude-code'] as const)(
  '%s of the demo is read into a ledger',
  async (report) => {
    const { ledger, run } = setUp()
    try {
      expect(await run(report)).toMatchObject({ result: 'ok', attempts: 1, error: null })
      expect(await run(report)).toMatchObject({ result: 'ok', changes: { added: 0, changed: 0, removed: 0 } })
    } finally {
      await ledger.close()
    }
  },
)

it('the ledger has every token, also of what happens while it reads on', async () => {
  const { clock, ledger, run } = setUp()
  try {
    await run('usage')
    for (const minutes of [2, 4, 60, 26 * 60]) {
      clock.now = NOW + minutes * MINUTE_MS
      await run('usage')
    }
    const end = Math.floor((clock.now - 5 * MINUTE_MS) / MINUTE_MS) * MINUTE_MS
    const [sum] = await ledger.apiUsage({ from: FROM, to: clock.now, by: ['organization'] })
    const expected = createBooks(world, pricing).requestsBetween(FROM, end)
    expect(sum).toMatchObject({
      group: ['demo'],
      input: expected.reduce((total, { tokens }) => total + BigInt(tokens.input), 0n),
      output: expected.reduce((total, { tokens }) => total + BigInt(tokens.output), 0n),
      requests: BigInt(expected.length),
    })
  } finally {
    await ledger.close()
  }
})

it('a bill that is restated changes in the ledger, and settles', async () => {
  const { clock, ledger, run } = setUp()
  const day = Date.parse('2026-10-21T00:00:00Z')
  const billed = async () =>
    (await ledger.billedCost({ from: day, to: day + DAY_MS, by: ['organization'] }))[0]?.amountPico ?? 0n
  try {
    await run('cost')
    const early = await billed()
    clock.now = day + 3 * DAY_MS
    await run('cost')
    const settled = await billed()
    expect(early).toBeGreaterThan(0n)
    expect(settled).toBeGreaterThan(early)
    clock.now += 2 * HOUR_MS
    await run('cost')
    expect(await billed()).toBe(settled)
    const directory = (await run('directory')).result
    expect([directory, (await ledger.directories())[0]?.name]).toEqual(['ok', 'Demo organisation'])
  } finally {
    await ledger.close()
  }
})
