import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MEASURE, type Measure } from '../../../src/core/measures.ts'
import { PICO_PER_USD } from '../../../src/core/money.ts'
import { dayStarts, isoDate } from '../../../src/core/period.ts'
import { DAY_MS } from '../../../src/core/time.ts'
import type { Dimension, Ledger } from '../../../src/ledger/ledger.ts'
import { openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { EXAMPLES } from '../../../src/ledger/postgres/views/examples.ts'
import { VIEWS } from '../../../src/ledger/postgres/views/index.ts'
import { installViews } from '../../../src/ledger/postgres/views/install.ts'
import { readOnlyRole, viewsMarkdown } from '../../../src/ledger/postgres/views/markdown.ts'
import { ledgerOn } from '../../../src/ledger/sql/ledger.ts'
import { queryGroups, sortGroups } from '../../../src/report/groups.ts'
import {
  cacheGainPico,
  cacheHitRatio,
  count,
  estimatedPico,
  planPico,
  type Totals,
  totalTokens,
} from '../../../src/report/totals.ts'
import { hasPostgres, type Postgres, startPostgres } from '../../support/postgres.ts'
import { postgresOptions } from '../contract/ledgers.ts'
import { DAY_1 } from '../organization/rows.ts'
import { CHANGE, fill } from './fill.ts'

const SCHEMA = 'claude_usage'
const FROM = CHANGE - 4 * DAY_MS
const TO = CHANGE + 4 * DAY_MS
const ZONES = ['UTC', 'America/Los_Angeles', 'Asia/Kathmandu']

describe.skipIf(!hasPostgres())('the views for SQL people', () => {
  let server: Postgres
  let client: pg.Client
  let ledger: Ledger

  beforeAll(async () => {
    server = await startPostgres()
    ledger = await openAs('laptop')
    await fill(ledger, 0)
    const second = await openAs('server')
    await fill(second, 1_000)
    await second.close()
    client = new pg.Client(server.url)
    await client.connect()
    await client.query(`SET search_path TO ${SCHEMA}`)
    await client.query('BEGIN')
    await installViews(client)
    await client.query('COMMIT')
  }, 60_000)

  afterAll(async () => {
    await client?.end()
    await ledger?.close()
    await server?.stop()
  })

  async function openAs(name: string): Promise<Ledger> {
    return ledgerOn(await openPostgresStore(postgresOptions(server, SCHEMA, { machine: { uid: name, name } })))
  }

  /** Rows as text, numbers exactly as the database writes them. */
  async function rows(sql: string, zone = 'UTC'): Promise<Record<string, string | null>[]> {
    await client.query("SELECT set_config('claude_usage.time_zone', $1, false)", [zone])
    const text = { getTypeParser: () => (value: string) => value } as never
    return (await client.query({ text: sql, types: text })).rows
  }

  async function groups(by: readonly Dimension[], zone: string) {
    const period = { from: FROM - 2 * DAY_MS, to: TO + 2 * DAY_MS, kind: 'rolling' } as never
    return queryGroups(ledger, { period, timeZone: zone, by: by as never, where: {}, countSessions: false })
  }

  it.each(
    ZONES.flatMap((zone) => [
      { view: 'daily_spend', by: ['day'] as const, zone },
      { view: 'spend_by_model', by: ['day', 'provider', 'model'] as const, zone },
      { view: 'spend_by_project', by: ['day', 'project'] as const, zone },
      { view: 'spend_by_agent', by: ['day', 'source', 'agent'] as const, zone },
      { view: 'spend_by_machine', by: ['day', 'machine'] as const, zone },
    ]),
  )('$view says what the reports say, in $zone', async ({ view, by, zone }) => {
    const found = await rows(`SELECT * FROM ${view}`, zone)
    const expected = await groups(by, zone)
    const keyed = new Map(found.map((row) => [JSON.stringify(by.map((name) => row[name])), row]))
    expect([...keyed.keys()].sort()).toEqual(expected.map(({ key }) => JSON.stringify(key)).sort())
    for (const { key, totals } of expected) {
      expect(keyed.get(JSON.stringify(key))).toMatchObject(spendOf(totals))
    }
    expect(expected.length).toBeGreaterThan(1)
  })

  it.each(ZONES)('cache_efficiency says what the reports say, in %s', async (zone) => {
    const by = ['day', 'project', 'provider', 'model'] as const
    const found = await rows('SELECT * FROM cache_efficiency', zone)
    const keyed = new Map(found.map((row) => [JSON.stringify(by.map((name) => row[name])), row]))
    const expected = await groups(by, zone)
    expect(keyed.size).toBe(expected.length)
    let withoutPrompt = 0
    for (const { key, totals } of expected) {
      const row = keyed.get(JSON.stringify(key)) ?? {}
      const ratio = cacheHitRatio(totals)
      if (ratio === null) {
        withoutPrompt += 1
        expect(row['cache_hit_ratio']).toBeNull()
      } else expect(Number(row['cache_hit_ratio'])).toBeCloseTo(ratio, 12)
      expect(row).toMatchObject({
        cache_savings_usd: usd(cacheGainPico(totals, 'metered')),
        cache_savings_of_plan_usd: usd(cacheGainPico(totals, 'plan')),
        prompt_tokens: String(totalTokens(totals) - count(totals, 'output')),
      })
    }
    expect(withoutPrompt).toBeGreaterThan(0)
  })

  it('most_expensive_sessions lists the sessions of the report, in its order', async () => {
    const expected = sortGroups(await groups(['session'], 'UTC'), { key: 'cost', descending: true })
    const found = await rows('SELECT * FROM most_expensive_sessions')
    expect(found.map((row) => [row['session_id'], row['agent'], row['project']])).toEqual(
      expected.map(({ key, session }) => [key[0], session?.agent, session?.project]),
    )
    for (const [index, { totals, session }] of expected.entries()) {
      expect(found[index]).toMatchObject(spendOf(totals))
      expect(Date.parse(found[index]?.['first_response_at'] ?? '')).toBe(session?.first)
      expect(Date.parse(found[index]?.['last_response_at'] ?? '')).toBe(session?.last)
    }
  })

  it('sums over a day that is 25 hours long', async () => {
    const zone = 'America/Los_Angeles'
    const [day] = await rows("SELECT requests FROM daily_spend WHERE day = '2026-11-01'", zone)
    const [start = 0, end = 0] = dayStarts(CHANGE, CHANGE + 2 * DAY_MS, zone)
    expect((end - start) / 3_600_000).toBe(25)
    const [usage] = await ledger.usage({ from: start, to: end, by: [] })
    expect(day?.['requests']).toBe(String(usage?.values[MEASURE.requests]))
  })

  it('billed_daily is the bill, to the last pico-dollar', async () => {
    const found = await rows(
      'SELECT day, sum(billed_cost_usd) AS usd, bool_or(list_cost_usd IS NULL) AS open FROM billed_daily GROUP BY day',
    )
    const billed = await ledger.billedCost({
      from: DAY_1,
      to: DAY_1 + 2 * DAY_MS,
      by: [],
      edges: [DAY_1, DAY_1 + DAY_MS],
    })
    expect(found.map((row) => [row['day'], row['usd']])).toEqual(
      billed.map(({ slot, amountPico }) => [isoDate(DAY_1 + slot * DAY_MS, 'UTC'), usd(amountPico)]),
    )
    expect(found.map((row) => row['open'])).toEqual(['t'])
  })

  it('sync_runs is the log of runs', async () => {
    const found = await rows('SELECT * FROM sync_runs ORDER BY started_at DESC, id DESC')
    const runs = await ledger.runs({ limit: 100 })
    expect(found.map((row) => [row['id'], row['source'], row['result'], row['error'], row['rows_added']])).toEqual(
      runs.map((run) => [String(run.id), run.source, run.result, run.error, String(run.changes.added)]),
    )
    expect(new Set(found.map((row) => row['machine']))).toEqual(new Set(['laptop', 'server']))
    expect(found.map((row) => row['duration_seconds'])).toEqual([null, '1.234', null, '1.234'])
  })

  it('budget_state tells limit, threshold and forecast of each period', async () => {
    const found = await rows('SELECT * FROM budget_state ORDER BY budget')
    expect(found).toMatchObject([
      {
        budget: 'money',
        unit: 'usd',
        limit_usd: '100.000000000001',
        limit_tokens: null,
        passed: 'critical',
        passed_with_usd: '95.000000000000',
        passed_with_tokens: null,
        forecast_usd: '120.000000000000',
        is_current: 'f',
      },
      {
        budget: 'words',
        unit: 'tokens',
        limit_tokens: '1000',
        limit_usd: null,
        passed: 'none',
        passed_at: null,
        forecast_at: null,
      },
    ])
  })

  it('machines_seen lists the machines', async () => {
    const found = await rows('SELECT * FROM machines_seen ORDER BY machine')
    const machines = await ledger.machines()
    expect(found.map((row) => [row['machine'], row['version'], Date.parse(row['newest_response_at'] ?? '')])).toEqual(
      machines.map(({ name, version, newestAt }) => [name, version, newestAt]),
    )
    expect(found.map((row) => row['streams'])).toEqual(['1', '1'])
  })

  it('carries its own description: every view and column, with its type', async () => {
    for (const { name, about, columns } of VIEWS) {
      const [view] = await rows(`SELECT obj_description('${name}'::regclass) AS about`)
      expect(view?.['about']).toBe(about)
      const found = await rows(
        `SELECT attname, replace(format_type(atttypid, NULL), 'timestamp with time zone', 'timestamptz') AS type,
           col_description(attrelid, attnum) AS about FROM pg_attribute
         WHERE attrelid = '${name}'::regclass AND attnum > 0 ORDER BY attnum`,
      )
      expect(found).toEqual(columns.map((column) => ({ attname: column.name, type: column.type, about: column.about })))
    }
  })

  it('answers the questions of the documentation', async () => {
    const page = viewsMarkdown()
    for (const { sql } of EXAMPLES) {
      await client.query(sql)
      expect(page).toContain(sql)
    }
    for (const { name } of VIEWS) expect(page).toContain(`### ${name}`)
  })

  it('lets a read-only role read every view and nothing else, also after views were made anew', async () => {
    await client.query(readOnlyRole('usage_reader', SCHEMA))
    await client.query("ALTER ROLE usage_reader PASSWORD 'reads'")
    // As an older version would have left it: a column less, and no mark.
    await client.query("DELETE FROM meta WHERE name = 'views'")
    await client.query('DROP VIEW daily_spend; CREATE VIEW daily_spend AS SELECT 1 AS other')
    await client.query('GRANT SELECT ON daily_spend TO usage_reader')
    await client.query('BEGIN')
    await installViews(client)
    await client.query('COMMIT')
    const url = new URL(server.url)
    url.username = 'usage_reader'
    url.password = 'reads'
    const reader = new pg.Client(url.href)
    await reader.connect()
    try {
      for (const { name } of VIEWS) expect((await reader.query(`SELECT * FROM ${name}`)).rowCount).toBeGreaterThan(0)
      for (const table of ['message', 'session', 'meta']) {
        await expect(reader.query(`SELECT * FROM ${table}`)).rejects.toThrow('permission denied')
      }
      await expect(reader.query('DELETE FROM machines_seen')).rejects.toThrow('permission denied')
    } finally {
      await reader.end()
    }
  })

  it('says what stands in the way when a view of somebody else needs one that changed', async () => {
    await client.query('BEGIN')
    await client.query("DELETE FROM meta WHERE name = 'views'")
    await client.query('DROP VIEW daily_spend; CREATE VIEW daily_spend AS SELECT 1 AS other')
    await client.query('CREATE VIEW mine AS SELECT * FROM daily_spend')
    await expect(installViews(client)).rejects.toThrow('The view daily_spend has other columns in this version')
    await client.query('ROLLBACK')
  })
})

function usd(pico: bigint): string {
  const size = pico < 0n ? -pico : pico
  const text = `${size / PICO_PER_USD}.${String(size % PICO_PER_USD).padStart(12, '0')}`
  return pico < 0n ? `-${text}` : text
}

function spendOf(totals: Totals): Record<string, string> {
  const tokens = (measure: Measure) => String(count(totals, measure))
  return {
    requests: tokens('requests'),
    input_tokens: tokens('input'),
    cache_write_5m_tokens: tokens('cache_write_5m'),
    cache_write_1h_tokens: tokens('cache_write_1h'),
    cache_read_tokens: tokens('cache_read'),
    output_tokens: tokens('output'),
    total_tokens: String(totalTokens(totals)),
    estimated_cost_usd: usd(estimatedPico(totals)),
    plan_value_usd: usd(planPico(totals)),
    unpriced_tokens: tokens('unpriced'),
  }
}
