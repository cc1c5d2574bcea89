import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../../support/exporter.ts'
import { freshSchema, hasPostgres, type Postgres, startPostgres } from '../../support/postgres.ts'
import { tempFolder } from '../../support/temp.ts'
import { TeamLogs } from './logs.ts'
import { command, logged, member, startCentral, startIngester } from './programs.ts'
import { apiMachines, apiUse, CounterWatch, commandUse, useOf } from './shown.ts'

const HOUR_MS = 3_600_000

describe.skipIf(!hasPostgres())('several machines on one PostgreSQL ledger', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  it('show their union once, by machine, on every surface of the central instance', { timeout: 180_000 }, async () => {
    const database = { server, schema: freshSchema() }
    const logs = new TeamLogs()
    const [laptop, tower, node] = [member('laptop'), member('tower'), member('node-1')]
    const start = Date.now() - 3 * HOUR_MS
    for (let i = 0; i < 40; i++) {
      logs.respond([laptop.home], { session: 'own-1', time: start + i })
      logs.respond([tower.home], { session: 'own-2', time: start + i })
      // A session file that is synced between two machines, and one on all three.
      logs.respond([laptop.home, tower.home], { session: 'synced', time: start + i })
      logs.respond([laptop.home, tower.home, node.home], { session: 'everywhere', time: start + i })
    }
    const central = await startCentral(database)
    const ingesters = [laptop, tower, node].map((one) => startIngester(database, one))
    const watch = new CounterWatch()
    await watch.until(central, logs)
    for (const ingester of ingesters) await logged(ingester, 'following them')

    logs.respond([laptop.home], { session: 'own-1', time: Date.now() })
    logs.respond([tower.home, node.home], { session: 'synced', time: Date.now() })
    const series = await watch.until(central, logs)

    const machines = ['laptop', 'tower', 'node-1'].map((name) => useOf(series, name))
    expect(machines.reduce((sum, { requests }) => sum + requests, 0n)).toBe(logs.use.requests)
    expect(useOf(series, 'laptop').requests).toBeGreaterThanOrEqual(41n)
    expect(useOf(series, 'tower').requests).toBeGreaterThanOrEqual(40n)
    expect(await apiUse(central)).toEqual(logs.use)
    expect(await commandUse(database)).toEqual(logs.use)
    const byMachine = await apiMachines(central)
    for (const name of ['laptop', 'tower', 'node-1']) {
      const none = { requests: 0n, input: 0n, output: 0n }
      expect(byMachine.get(name) ?? none, name).toEqual(useOf(series, name))
    }
    expect(await command(database, 'ledger', 'check')).toContain('ok')
  })

  it('do not count a home that is mounted on two machines twice', { timeout: 120_000 }, async () => {
    const database = { server, schema: freshSchema() }
    const logs = new TeamLogs()
    const first = member('first')
    const mounted = tempFolder()
    symlinkSync(join(first.home, '.claude'), join(mounted, '.claude'))
    for (let i = 0; i < 200; i++) logs.respond([first.home], { session: `s${i % 5}`, time: Date.now() - HOUR_MS + i })
    const central = await startCentral(database)
    const both = [first, member('second', mounted)].map((one) => startIngester(database, one))
    const watch = new CounterWatch()
    for (const ingester of both) await logged(ingester, 'following them')
    for (let i = 0; i < 20; i++) logs.respond([first.home], { session: `s${i % 5}`, time: Date.now() })
    await watch.until(central, logs)
    for (const ingester of both) await ingester.kill('SIGTERM')
    expect(useOf((await watch.look(central)) ?? new Map())).toEqual(logs.use)
    expect(await apiUse(central)).toEqual(logs.use)
    expect(await commandUse(database)).toEqual(logs.use)
  })

  it('have no machine label while there is one, and have it once a second one appends', {
    timeout: 120_000,
  }, async () => {
    const database = { server, schema: freshSchema() }
    const logs = new TeamLogs()
    const [one, two] = [member('one'), member('two')]
    logs.respond([one.home], { session: 'a', time: Date.now() - HOUR_MS })
    const central = await startCentral(database, { machineLabel: 'auto' })
    startIngester(database, one)
    const before = await new CounterWatch().until(central, logs)
    expect([...before.keys()].filter((name) => name.startsWith('claude_requests_total'))).toHaveLength(1)
    expect([...before.keys()].filter((name) => /^claude_requests_total.*machine=/.test(name))).toEqual([])

    logs.respond([two.home], { session: 'b', time: Date.now() - HOUR_MS })
    startIngester(database, two)
    const after = await eventually('the series of both', async () => {
      const series = await central.scrape()
      return series !== null && useOf(series, 'two').requests === 1n ? series : null
    })
    expect(useOf(after, 'one').requests).toBe(1n)
    expect(useOf(after)).toEqual(logs.use)
  })

  it('lose nothing and let no counter fall when either side is killed', { timeout: 240_000 }, async () => {
    const database = { server, schema: freshSchema() }
    const logs = new TeamLogs()
    const members = [member('laptop'), member('tower')]
    const homes = members.map(({ home }) => home)
    const watch = new CounterWatch()
    let central = await startCentral(database)
    const write = () => {
      for (let i = 0; i < 30; i++) {
        const to = i % 3 === 0 ? homes : [homes[i % 2] ?? '']
        logs.respond(to, { session: `s${i % 4}`, time: Date.now() })
      }
    }
    for (let round = 0; round < 5; round++) {
      write()
      const ingesters = members.map((one) => startIngester(database, one))
      write()
      // In the middle of reading, after it, or before it begins.
      await new Promise((resolve) => setTimeout(resolve, 400 + 250 * round))
      for (const ingester of ingesters) await ingester.kill('SIGKILL')
      await watch.look(central)
      if (round % 2 === 0) continue
      await central.kill('SIGKILL')
      central = await startCentral(database)
      await watch.look(central)
    }
    for (const one of members) startIngester(database, one)
    await watch.until(central, logs)
    await central.kill('SIGKILL')
    central = await startCentral(database)
    await watch.until(central, logs)
    expect(await apiUse(central)).toEqual(logs.use)
    expect(await commandUse(database)).toEqual(logs.use)
    expect(await command(database, 'ledger', 'check')).toContain('ok')
  })
})
