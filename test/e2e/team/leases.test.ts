import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { DAY_MS } from '../../../src/core/time.ts'
import { eventually, type RunningExporter } from '../../support/exporter.ts'
import { startOrganizationApi } from '../../support/organization-api/server.ts'
import { createTruth } from '../../support/organization-api/truth.ts'
import { freshSchema, hasPostgres, type Postgres, startPostgres } from '../../support/postgres.ts'
import { TeamLogs } from './logs.ts'
import { startNoticeReceiver } from './notices.ts'
import { ask, type Database, logged, member, startCentral, startIngester } from './programs.ts'
import { CounterWatch } from './shown.ts'

const KEY = 'sk-ant-admin01-team-0123456789'
/** Organisations are read every minute here. */
const NEXT_RUN_MS = 120_000

describe.skipIf(!hasPostgres())('two serving instances on one ledger', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  it('read an organisation once, and the other goes on when one is gone', { timeout: 300_000 }, async () => {
    const database = { server, schema: freshSchema() }
    const instances = await Promise.all(
      ['serve-a', 'serve-b'].map(async (name) => {
        const api = await startApi()
        const env = {
          ANTHROPIC_ADMIN_KEY: KEY,
          CLAUDE_USAGE_EXPORTER_ADMIN_API_BASE_URL: api.url,
          CLAUDE_USAGE_EXPORTER_ADMIN_API_USAGE_EVERY: '1m',
          CLAUDE_USAGE_EXPORTER_ADMIN_API_USAGE_JITTER: '0s',
          CLAUDE_USAGE_EXPORTER_ADMIN_API_COST_ENABLED: 'false',
          CLAUDE_USAGE_EXPORTER_ADMIN_API_DIRECTORY_ENABLED: 'false',
          CLAUDE_USAGE_EXPORTER_ADMIN_API_HISTORY: '2d',
        }
        return { api, exporter: await startCentral(database, { name, env, flags: ['--log.level=debug'] }) }
      }),
    )
    const asking = await eventually('one of them to read', async () => {
      const found = instances.filter(({ api }) => api.requests.length > 0)
      return found.length > 0 ? found : null
    })
    expect(asking).toHaveLength(1)
    const reader = asking[0]
    const other = instances.find((instance) => instance !== reader)
    if (reader === undefined || other === undefined) throw new Error('there are two')
    await logged(other.exporter, 'another machine reads this organisation')
    // What the one has read is shown by both.
    for (const { exporter } of instances) await figuresOf(exporter)
    await eventually('its run to end well', async () => ((await readers(database)).size === 1 ? true : null), 60_000)
    expect(other.api.requests).toEqual([])

    await reader.exporter.kill('SIGKILL')
    expect(await ask(database, "SELECT count(*) FROM lease WHERE name = 'organizations'")).toBe('1')
    await ask(database, "UPDATE lease SET until = 0 WHERE name = 'organizations'")
    await eventually('the other to read', async () => (other.api.requests.length > 0 ? true : null), NEXT_RUN_MS)
    await eventually(
      'its run to end well',
      async () => ((await readers(database)).size === 2 ? true : null),
      NEXT_RUN_MS,
    )
  })

  it('tell of a budget once, also when the one that told of it is gone', { timeout: 240_000 }, async () => {
    const database = { server, schema: freshSchema() }
    const receiver = await startNoticeReceiver()
    onTestFinished(() => receiver.close())
    const env = {
      CLAUDE_USAGE_EXPORTER_NOTIFY_WEBHOOK_URL: receiver.url,
      CLAUDE_USAGE_EXPORTER_BUDGETS: JSON.stringify([{ name: 'team', limit_tokens: 1_000_000, period: '30d' }]),
    }
    const logs = new TeamLogs()
    const laptop = member('laptop')
    logs.respond([laptop.home], { time: Date.now() })
    const instances = await Promise.all(['serve-a', 'serve-b'].map((name) => startCentral(database, { name, env })))
    startIngester(database, laptop)
    for (const instance of instances) await new CounterWatch().until(instance, logs)

    logs.respond([laptop.home], { time: Date.now(), output: 2_000_000 })
    for (const instance of instances) await new CounterWatch().until(instance, logs)
    const exceeded = () => receiver.told().filter((notice) => /Exceeded.* team$/.test(notice))
    await eventually('the notice', async () => (exceeded().length > 0 ? true : null), 120_000)
    const holder = await ask(database, "SELECT holder FROM lease WHERE name = 'notices'")

    for (const instance of instances) {
      await instance.kill('SIGKILL')
      await ask(database, "UPDATE lease SET until = 0 WHERE name = 'notices'")
      const left = instances.filter((one) => one.process.signalCode === null)
      if (left.length === 0) await startCentral(database, { name: 'serve-c', env })
      await eventually('the lease to be taken', async () => {
        const now = await ask(database, "SELECT holder FROM lease WHERE name = 'notices' AND until > 0")
        return now === '' || (left.length > 0 && now === holder) ? null : now
      }).catch(async (error: Error) => {
        // The first that was killed need not have held it.
        if (left.length === 0) throw error
      })
    }
    // Time for the next looks at the budget.
    await new Promise((resolve) => setTimeout(resolve, 11_000))
    expect(exceeded()).toHaveLength(1)
    expect(new Set(receiver.told()).size).toBe(receiver.told().length)
  })

  it('give their leases back and end well when they are asked to stop', { timeout: 120_000 }, async () => {
    const database = { server, schema: freshSchema() }
    const laptop = member('laptop')
    new TeamLogs().respond([laptop.home], { time: Date.now() })
    const central = await startCentral(database)
    const ingester = startIngester(database, laptop)
    await logged(ingester, 'following them')
    await eventually('a lease', async () => ((await leases(database)) === '0' ? null : true), 60_000)
    for (const program of [central, ingester]) {
      await program.kill('SIGTERM')
      expect([program.process.exitCode, program.process.signalCode], program.log()).toEqual([0, null])
      expect(program.log()).toContain('msg=stopped')
      expect(program.log()).not.toContain('could not stop in time')
    }
    expect(await leases(database)).toBe('0')
  })
})

/** Machines that have read the organisation to the end. */
async function readers(database: Database): Promise<ReadonlySet<string>> {
  const names = await ask(
    database,
    `SELECT machine.name FROM sync_run JOIN machine ON machine.id = machine_id
     WHERE source = 'anthropic-usage' AND result = 'ok'`,
  )
  return new Set(names.split('\n').filter((name) => name !== ''))
}

function leases(database: Database): Promise<string> {
  return ask(database, 'SELECT count(*) FROM lease')
}

async function startApi() {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS
  const truth = createTruth({ seed: 5, from: today - 4 * DAY_MS, days: 5 })
  const api = await startOrganizationApi({
    truth,
    keys: { [KEY]: { kind: 'admin' } },
    now: () => Date.now(),
    generations: { analytics: false, legacy: true },
  })
  onTestFinished(() => api.close())
  return api
}

async function figuresOf({ url }: Pick<RunningExporter, 'url'>): Promise<void> {
  await eventually(
    'figures of the organisation',
    async () => {
      const body = await (await fetch(`${url}/metrics`)).text()
      return body.includes('\nclaude_api_tokens_month_to_date{') ? true : null
    },
    60_000,
  )
}
