import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../src/core/time.ts'
import { eventually, type RunningExporter } from '../../support/exporter.ts'
import { freshSchema, hasPostgres, type Postgres, startPostgres } from '../../support/postgres.ts'
import { TeamLogs } from './logs.ts'
import { ask, logged, member, startCentral, startIngester } from './programs.ts'
import { apiUse, CounterWatch, commandUse, useOf } from './shown.ts'

const LAST_SEEN = 'claude_exporter_machine_last_seen_timestamp_seconds{machine="laptop"}'
const LAST_READ = 'claude_exporter_machine_last_read_timestamp_seconds{machine="laptop"}'
/** Signs of life are given, and looked at, once a minute. */
const BEAT_MS = 150_000

describe.skipIf(!hasPostgres())('a laptop that was closed for a week', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  it('catches up, day by day, and is seen again', { timeout: 300_000 }, async () => {
    const database = { server, schema: freshSchema() }
    const logs = new TeamLogs()
    const [laptop, tower] = [member('laptop'), member('tower')]
    const weekAgo = Date.now() - 7 * DAY_MS
    const perDay = new Map<string, number>()
    const respond = (homes: readonly string[], session: string, time: number) => {
      const day = new Date(time).toISOString().slice(0, 10)
      perDay.set(day, (perDay.get(day) ?? 0) + 1)
      logs.respond(homes, { session, time })
    }
    for (let i = 0; i < 20; i++) respond([laptop.home], 'before', weekAgo - 60_000 + i)
    let central = await startCentral(database)
    const first = startIngester(database, laptop)
    startIngester(database, tower)
    const watch = new CounterWatch()
    await watch.until(central, logs)
    await logged(first, 'following them')
    await first.kill('SIGTERM')
    expect(first.process.exitCode).toBe(0)

    // Its owner worked on, on the way: the log goes on, and new ones come. The tower has a copy of one of them.
    for (let day = 0; day < 7; day++) {
      for (let i = 0; i < 30; i++) {
        const time = weekAgo + day * DAY_MS + i * 1_000
        respond([laptop.home], 'before', time)
        respond([laptop.home], `day-${day}`, time + 1)
        respond([laptop.home, tower.home], 'synced', time + 2)
        respond([tower.home], 'tower', time + 3)
      }
    }
    // As if the week had passed.
    await ask(database, `UPDATE machine SET seen_at = ${weekAgo}, read_at = ${weekAgo} WHERE name = 'laptop'`)
    await central.kill('SIGKILL')
    central = await startCentral(database)
    const missed = await eventually('the machine', async () => {
      const series = await watch.look(central)
      return series?.has(LAST_SEEN) ? series : null
    })
    expect(Number(missed.get(LAST_SEEN)) * 1_000).toBeCloseTo(weekAgo, -1)
    expect(Number(missed.get(LAST_READ)) * 1_000).toBeCloseTo(weekAgo, -1)

    const second = startIngester(database, laptop)
    const series = await watch.until(central, logs)
    expect(useOf(series, 'laptop').requests + useOf(series, 'tower').requests).toBe(logs.use.requests)
    expect(await apiUse(central)).toEqual(logs.use)
    expect(await commandUse(database)).toEqual(logs.use)
    expect(await daysOf(central)).toEqual(perDay)
    await logged(second, 'following them')
    await eventually(
      'a sign of life',
      async () => {
        const now = await watch.look(central)
        const isSeen = [LAST_SEEN, LAST_READ].every((name) => Number(now?.get(name)) * 1_000 > weekAgo + 6 * DAY_MS)
        return isSeen ? true : null
      },
      BEAT_MS,
    )
    await watch.until(central, logs)
  })
})

/** Requests of each UTC day with any. */
async function daysOf({ url }: Pick<RunningExporter, 'url'>): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${url}/api/usage/anthropic?days=30&tz=UTC`)
  const { byDay } = (await answer.json()) as { byDay: { day: string; requests: number }[] }
  return new Map(byDay.filter(({ requests }) => requests > 0).map(({ day, requests }) => [day, requests]))
}
