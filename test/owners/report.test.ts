import { describe, expect, it, onTestFinished } from 'vitest'
import { ownerSettingsOf } from '../../src/config/owners.ts'
import { amountOf, MEASURE } from '../../src/core/measures.ts'
import { chooseMonths } from '../../src/owners/months.ts'
import { readChargeback } from '../../src/owners/report.ts'
import { loadFrom } from '../config/load-from.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'

const NOW = Date.parse('2026-05-20T12:00:00Z')
const HOUR_MS = 3_600_000
/** Around every turn: of months, rules and clocks. */
const TURNS = [
  '2026-02-28',
  '2026-03-01',
  '2026-03-08',
  '2026-03-29',
  '2026-03-31',
  '2026-04-01',
  '2026-04-15',
  '2026-05-01',
]

const OWNERS = `
  - {project: web, owner: ada, until: 2026-03-28}
  - {project: web, owner: bob, since: 2026-03-29, until: 2026-04-14}
  - {project: blog, owner: eve, since: 2026-03-08}`

describe('the months of a ledger', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Auckland'])(
    'have all that it has in %s, once',
    async (timeZone) => {
      const ledger = tempLedger()
      onTestFinished(() => ledger.close())
      const records = TURNS.flatMap((day) =>
        Array.from({ length: 48 }, (_, hour) => {
          const time = Date.parse(`${day}T00:00:00Z`) + (hour - 24) * HOUR_MS - 1
          const parts = [
            usagePart({ input: hour + 1, output: 7 }, hour % 7 === 0 ? 'nobody-knows' : 'claude-sonnet-4-5'),
          ]
          const identity = `m:${day}:${hour}`
          const project = hour % 3 === 0 ? 'blog' : 'web'
          return usageRecord({ identity, uuid: identity, time, parts, project, session: `s${hour % 5}` })
        }),
      )
      await appendBatches(ledger, [sourceBatch(records)], { now: NOW })
      const { rules, share } = ownerSettingsOf((await loadFrom({ yaml: `owners: ${OWNERS}`, timeZone })).config)
      const months = chooseMonths({ since: '2026-02', until: '2026-05' }, NOW, timeZone)
      const reports = await readChargeback(ledger, { months, rules, share, by: null, organizations: [] })
      for (const { chargeback, from, to } of reports) {
        const [all] = await ledger.usage({ from, to, by: [] })
        const rows = chargeback.rows
        expect(rows.reduce((sum, row) => sum + row.estimatedPico, 0n)).toBe(all ? amountOf(all.values, 'cost_usd') : 0n)
        expect(rows.reduce((sum, row) => sum + row.requests, 0n)).toBe(BigInt(all?.values[MEASURE.requests] ?? 0))
        expect(chargeback.total.unpricedTokens).toBe(BigInt(all?.values[MEASURE.unpriced] ?? 0))
        expect(chargeback.total.requests).toBe(rows.reduce((sum, row) => sum + row.requests, 0n))
      }
      const requests = reports.reduce((sum, { chargeback }) => sum + chargeback.total.requests, 0n)
      const first = months[0]?.from ?? 0
      expect(requests).toBe(BigInt(records.filter(({ time }) => time >= first).length))
    },
  )
})
