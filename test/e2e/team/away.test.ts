import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, type RunningExporter } from '../../support/exporter.ts'
import { freshSchema, hasPostgres, type Postgres, startPostgres } from '../../support/postgres.ts'
import { TeamLogs } from './logs.ts'
import { isRunning, logged, member, startCentral, startIngester } from './programs.ts'
import { apiUse, CounterWatch, commandUse, useOf } from './shown.ts'

const AWAY = 'the ledger cannot be reached'
const BACK = 'the ledger can be reached again'
const WAIT_MS = 90_000

describe.skipIf(!hasPostgres())('a database that is away', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  it('ends no program, is told of once, and everything is made up when it is back', { timeout: 300_000 }, async () => {
    const database = { server, schema: freshSchema() }
    const logs = new TeamLogs()
    const members = [member('laptop'), member('tower')]
    const write = () => {
      const now = Date.now()
      for (let i = 0; i < 20; i++) {
        for (const { home } of members) logs.respond([home], { session: `${home}-${i % 3}`, time: now + i })
        logs.respond(
          members.map(({ home }) => home),
          { session: 'shared', time: now + i },
        )
      }
    }
    write()
    const central = await startCentral(database)
    const ingesters = members.map((one) => startIngester(database, one))
    const watch = new CounterWatch()
    await watch.until(central, logs)
    for (const ingester of ingesters) await logged(ingester, 'following them')
    const before = logs.use

    await server.kill()
    write()
    const down = await eventually(
      'the central instance to notice',
      async () => {
        const series = await watch.look(central)
        return series?.get('claude_exporter_ledger_up') === '0' ? series : null
      },
      WAIT_MS,
    )
    expect(useOf(down)).toEqual(before)
    for (const ingester of ingesters) await logged(ingester, AWAY)
    write()
    // Long enough for more attempts of everybody.
    await new Promise((resolve) => setTimeout(resolve, 8_000))
    for (const program of [central, ...ingesters]) {
      expect(isRunning(program), program.log()).toBe(true)
      expect(linesWith(program, AWAY), program.log()).toHaveLength(1)
      expect(linesWith(program, 'level=error').length + linesWith(program, 'level=warn').length).toBeLessThan(5)
    }
    const still = await watch.look(central)
    expect(useOf(still ?? new Map())).toEqual(before)
    expect(Number(still?.get('claude_exporter_ledger_away_seconds'))).toBeGreaterThan(0)
    expect(await statusOf(central, '/-/healthy')).toBe(200)
    expect(await statusOf(central, '/-/ready')).toBe(200)
    // What is not kept in memory is not made up, and it is not a fault of the program.
    for (const path of ['/', '/api/usage/summary?days=3']) expect(await statusOf(central, path), path).toBe(503)

    await server.restart()
    await watch.until(central, logs)
    await eventually(
      'the ledger to be up',
      async () => ((await watch.look(central))?.get('claude_exporter_ledger_up') === '1' ? true : null),
      WAIT_MS,
    )
    for (const program of [central, ...ingesters]) {
      await logged(program, BACK)
      expect(linesWith(program, BACK), program.log()).toHaveLength(1)
    }
    write()
    await watch.until(central, logs)
    expect(await apiUse(central)).toEqual(logs.use)
    expect(await commandUse(database)).toEqual(logs.use)
  })

  it('at the start is waited for by both kinds of program', { timeout: 240_000 }, async () => {
    const database = { server, schema: freshSchema() }
    const logs = new TeamLogs()
    const laptop = member('laptop')
    for (let i = 0; i < 30; i++) logs.respond([laptop.home], { time: Date.now() - 60_000 + i })
    await server.kill()
    const central = await startCentral(database)
    const ingester = startIngester(database, laptop)
    expect(await statusOf(central, '/-/healthy')).toBe(200)
    expect(await statusOf(central, '/-/ready')).toBe(503)
    const metrics = await (await fetch(`${central.url}/metrics`)).text()
    expect(metrics).toContain('\nclaude_exporter_ledger_up 0\n')
    expect(metrics).toContain('\nclaude_exporter_load_complete 0\n')
    expect(metrics).not.toContain('\nclaude_requests_total{')
    await logged(ingester, AWAY)
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect([isRunning(central), isRunning(ingester)]).toEqual([true, true])
    expect(await statusOf(central, '/-/ready')).toBe(503)
    expect(linesWith(ingester, AWAY), ingester.log()).toHaveLength(1)
    expect(linesWith(central, AWAY), central.log()).toHaveLength(1)

    await server.restart()
    await eventually(
      'the central instance to be ready',
      async () => ((await statusOf(central, '/-/ready')) === 200 ? true : null),
      WAIT_MS,
    )
    await new CounterWatch().until(central, logs)
    expect(await apiUse(central)).toEqual(logs.use)
  })

  it.each(['serve', 'ingest'])('is not what a wrong password is: %s ends and says so without it', async (mode) => {
    const secret = 'not-the-right-one-7c1f'
    const url = server.url.replace(server.password, secret)
    const database = { server: { ...server, url }, schema: freshSchema() }
    const env = { CLAUDE_USAGE_EXPORTER_STORAGE_URL: url }
    if (mode === 'serve') {
      const failure = await startCentral(database, { env }).then(
        () => 'it listens',
        (error: Error) => error.message,
      )
      expect(failure).toMatch(/the exporter ended \(2\)/)
      expect(failure).toMatch(/password/i)
      expect(failure).not.toContain(secret)
      return
    }
    const ingester = startIngester(database, member('laptop'), { env })
    await eventually('its end', async () => (isRunning(ingester) ? null : true))
    expect(ingester.process.exitCode).toBe(2)
    expect(ingester.log()).toMatch(/password/i)
    expect(ingester.log()).not.toContain(secret)
  })
})

function linesWith(program: Pick<RunningExporter, 'log'>, text: string): string[] {
  return program
    .log()
    .split('\n')
    .filter((line) => line.includes(text))
}

async function statusOf({ url }: Pick<RunningExporter, 'url'>, path: string): Promise<number> {
  return (await fetch(`${url}${path}`)).status
}
