import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { COLLECTORS } from '../../src/metrics/definition.ts'
import { createExposition } from '../../src/metrics/exposition.ts'
import { Health } from '../../src/metrics/health.ts'
import { scrapedFamilies } from '../../src/metrics/scraped-families.ts'
import { healthOptions } from '../metrics/health-options.ts'
import { parseSamples } from '../metrics/parse-text.ts'
import { sampleSnapshot } from '../metrics/sample-snapshot.ts'
import { isInstalled } from '../support/binaries.ts'
import { createReceiver, RECEIVERS, type Receiver, type ReceiverProgram, seriesName } from '../support/receivers.ts'
import { tempFolder } from '../support/temp.ts'
import { createTestWriter, destinationOf, gauge, until } from './support.ts'

const HOUR_MS = 3_600_000
const STEP_MS = 15_000
const EXTERNAL = { job: 'claude-usage-exporter', instance: 'laptop' }

const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

describe.each(RECEIVERS.map((program) => ({ program })))('remote write to the real $program', ({ program }) => {
  it.skipIf(!isInstalled(program))('gives what a scrape of the same moment shows, in every series', async () => {
    const receiver = await startReceiver(program)
    const frozen = new Health(healthOptions)
    const families = await frozen.families()
    const health = { families: async () => families }
    const now = Date.now()
    const { writer, told } = begin(receiver, {
      clock: { now: () => now },
      families: () => scrapedFamilies(sampleSnapshot, health),
    })
    await until('the samples', () => told.samples > 0 && told.pending === 0)

    const text = await createExposition({ snapshot: () => sampleSnapshot, health })({
      format: 'text',
      gzip: false,
      collectors: new Set(COLLECTORS),
    })
    const scraped = parseSamples(text.toString()).map(({ name, labels, value }): [string, number] => [
      seriesName(
        Object.fromEntries(
          [['__name__', name], ...labels, ...Object.entries(EXTERNAL)].filter(([, label]) => label !== ''),
        ),
      ),
      Number(value.replace('Inf', 'Infinity')),
    ])
    // A value that is no number says as little as none; VictoriaMetrics keeps none.
    const kept = scraped.filter(([, value]) => program === 'prometheus' || !Number.isNaN(value))
    const expected = new Map([...kept, [seriesName({ __name__: 'up', ...EXTERNAL }), 1]])
    expect(expected.size).toBeGreaterThan(150)
    const stored = await settled(receiver, '{__name__!=""}', now / 1_000, ({ size }) => size >= expected.size)
    expect([...stored.keys()].sort()).toEqual([...expected.keys()].sort())
    const differences = [...expected].filter(([series, value]) => !isStoredAs(program, value, stored.get(series)))
    expect(differences).toEqual([])
    await writer.stop()
  })

  it.skipIf(!isInstalled(program))(
    'loses nothing but resolution while the receiver is down for 10 minutes',
    async () => {
      const receiver = await startReceiver(program)
      const start = Math.floor(Date.now() / STEP_MS) * STEP_MS - HOUR_MS
      const clock = steppedClock(start)
      let tokens = 1_000
      let late: number | null = null
      let early: number | null = 5
      const { writer, told } = begin(receiver, {
        clock,
        families: async () => {
          clock.taken()
          const lines = (value: number | null) => (value === null ? [] : [` ${value}`])
          return [
            gauge('tokens_total', lines(tokens)),
            gauge('late_total', lines(late)),
            gauge('early_total', lines(early)),
          ]
        },
      })
      const work = async (steps: number, change: (step: number) => void = () => {}) => {
        for (let step = 0; step < steps; step++) {
          tokens += 7
          change(step)
          await clock.step()
        }
      }
      await work(20)
      await until('everything sent', () => told.pending === 0)
      await settled(receiver, 'early_total', clock.now() / 1_000, ({ size }) => size === 1)
      const sentBefore = told.samples
      await receiver.end()
      // Born at 0 and gone within the outage: sums and ends must not depend on samples that were thinned out.
      await work(60, (step) => {
        if (step >= 5) late = step < 9 ? 0 : (late ?? 0) + 100
        if (step === 20) early = null
      })
      await until('a failure', () => (told.failures['network'] ?? 0) > 0)
      expect(told.samples).toBe(sentBefore)
      await receiver.start()
      await work(20)
      await until('the queue to be empty', () => told.pending === 0)
      const end = clock.now() / 1_000

      const grown = async (series: string) => [
        ...(await receiver.query(`max_over_time(${series}[1h]) - min_over_time(${series}[1h])`, end)).values(),
      ]
      await settled(receiver, 'late_total', end, ({ size }) => size === 1)
      expect(await grown('tokens_total')).toEqual([100 * 7])
      expect(await grown('late_total')).toEqual([5_100])
      expect([...(await receiver.query('resets(tokens_total[1h])', end)).values()]).toEqual([0])
      expect([...(await receiver.query('early_total', end)).keys()]).toEqual([])
      const times = await receiver.times('tokens_total', end)
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
      expect(Math.max(...gaps)).toBeLessThanOrEqual(300)
      expect(times.at(-1)).toBe(end)
      expect(Object.keys(told.dropped)).toEqual(['thinned'])
      await writer.stop()
    },
  )

  it.skipIf(!isInstalled(program))('shows nothing any more after an orderly stop', async () => {
    const receiver = await startReceiver(program)
    const { writer, told } = begin(receiver, { families: async () => [gauge('x', [' 5'])] })
    await until('the samples', () => told.samples > 0)
    await writer.stop()
    expect(told.dropped).toEqual({})
    const now = Date.now() / 1_000 + 1
    const last = await settled(receiver, 'last_over_time(x[5m])', now, ({ size }) => size === 1)
    expect([...last.values()]).toEqual([5])
    const alive = await settled(receiver, '{__name__=~"x|up"}', now, ({ size }) => size === 0)
    expect([...alive.keys()]).toEqual([])
  })
})

describe('remote write to the real prometheus', () => {
  it.skipIf(!isInstalled('prometheus'))('is not held up by samples that it calls too old', async () => {
    const receiver = await startReceiver('prometheus', { storage: { tsdb: { out_of_order_time_window: '30m' } } })
    const newer = begin(receiver, { families: async () => [gauge('x', ['{a="newer"} 1'])] })
    await until('newer samples', () => newer.told.samples > 0)
    let now = Date.now() - 3 * HOUR_MS
    const older = begin(
      receiver,
      { clock: { now: () => now++ }, families: async () => [gauge('x', ['{a="older"} 1'])] },
      { maxAgeMs: 24 * HOUR_MS, intervalMs: 20 },
    )
    await until('refusals', () => (older.told.dropped['too_old'] ?? 0) > 0)
    expect(older.log.join('\n')).toContain('too old sample')
    now = Date.now()
    await until('success', () => older.told.samples > 0)
    expect(older.told.failures['server'] ?? 0).toBe(0)
  })
})

async function startReceiver(program: ReceiverProgram, configuration?: unknown): Promise<Receiver> {
  const folder = join(tempFolder(), program)
  mkdirSync(folder)
  const receiver = await createReceiver(program, folder, configuration)
  ends.push(() => receiver.end())
  await receiver.start()
  return receiver
}

function begin(
  { writeUrl }: Receiver,
  parts: Parameters<typeof createTestWriter>[1],
  changes: Parameters<typeof destinationOf>[1] = { intervalMs: parts?.clock === undefined ? HOUR_MS : 5 },
) {
  const made = createTestWriter(destinationOf(writeUrl, changes), parts)
  ends.unshift(() => made.writer.stop())
  made.writer.start()
  return made
}

/** Asks until it is so: new series are not found at once everywhere. Gives the answer, also when the time is up. */
async function settled(
  receiver: Receiver,
  query: string,
  time: number,
  isSo: (answer: ReadonlyMap<string, number>) => boolean,
): Promise<ReadonlyMap<string, number>> {
  for (let tries = 0; ; tries++) {
    const answer = await receiver.query(query, time)
    if (isSo(answer) || tries === 100) return answer
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** A clock that only moves when it is told to. */
function steppedClock(start: number) {
  let now = start
  let count = 0
  return {
    now: () => now,
    taken: () => void count++,
    /** Moves on, and waits until values of the new time have been taken. */
    async step() {
      const before = count
      now += STEP_MS
      await until('the next moment', () => count > before)
    },
  }
}

/** VictoriaMetrics keeps decimal numbers, of which it promises twelve digits. */
function isStoredAs(program: ReceiverProgram, value: number, stored: number | undefined): boolean {
  if (stored === undefined || program === 'prometheus') return Object.is(value, stored)
  return Object.is(value, stored) || Math.abs(value - stored) <= Math.abs(value) * 1e-12
}
