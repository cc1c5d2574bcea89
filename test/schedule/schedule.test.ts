import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Logger } from '../../src/lib/logger.ts'
import { activeHoursTest, parseActiveHours } from '../../src/schedule/active-hours.ts'
import { isCron } from '../../src/schedule/cron.ts'
import { type Job, type Schedule, startSchedule } from '../../src/schedule/schedule.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const errors: unknown[] = []
const logger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (_, facts) => errors.push(facts),
  child: () => logger,
}
const at = (text: string) => Date.parse(`${text}:00Z`)
let schedule: Schedule | undefined

beforeEach(() => {
  errors.length = 0
  vi.useFakeTimers()
})
afterEach(() => {
  schedule?.stop()
  vi.useRealTimers()
})

/** Starts one job at a time and tells its runs as `cause time`. */
function start(now: string, given: Partial<Job['schedule']> & { last?: string | null; takes?: number }, random = 0) {
  vi.setSystemTime(at(now))
  const { last = null, takes = 0, ...times } = given
  const runs: string[] = []
  const run = async (cause: string) => {
    runs.push(`${cause} ${new Date().toISOString().slice(5, 16)}`)
    if (takes > 0) await new Promise((resolve) => setTimeout(resolve, takes))
  }
  const plan = { every: null, cron: [], timeZone: 'UTC', activeHours: null, jitterMs: 0, ...times }
  const lastStartedAt = last === null ? null : at(last)
  schedule = startSchedule([{ name: 'job', schedule: plan, lastStartedAt, run }], {
    now: Date.now,
    random: () => random,
    logger,
  })
  return runs
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('startSchedule', () => {
  it.each([
    ['spring', '2026-03-07T12:00', ['03-07T16:00', '03-08T02:00', '03-08T15:00', '03-09T01:00', '03-09T15:00']],
    ['autumn', '2026-10-31T12:00', ['10-31T15:00', '11-01T01:00', '11-01T16:00', '11-02T02:00', '11-02T16:00']],
  ])('keeps 8:00 and 18:00 in Los Angeles over the clock change in %s', async (_, now, times) => {
    const runs = start(now, { cron: ['0 8,18 * * *'], timeZone: 'America/Los_Angeles', last: now })
    expect(schedule?.next('job')).toBe(at(`2026-${times[0]}`))
    await pass(2.25 * DAY)
    expect(runs).toEqual(times.map((time) => `schedule ${time}`))
  })

  it('knows zones of three quarters of an hour, and several expressions', async () => {
    const runs = start('2026-11-21T00:00', {
      cron: ['0 8 * * *', '30 12 * * *'],
      every: 60_000,
      timeZone: 'Asia/Kathmandu',
      last: '2026-11-21T00:00',
    })
    await pass(DAY)
    expect(runs).toEqual(['schedule 11-21T02:15', 'schedule 11-21T06:45'])
  })

  it.each<[string, Partial<Job['schedule']> & { last?: string | null }, string[]]>([
    ['never run, cron', { cron: ['0 8 * * *'] }, ['start']],
    ['never run, interval', { every: HOUR }, ['start']],
    ['never run, by hand only', {}, []],
    ['a cron time was missed', { cron: ['0 8 * * *'], last: '2026-11-21T07:00' }, ['catch_up']],
    ['many were missed', { cron: ['*/5 * * * *'], last: '2026-11-01T07:00' }, ['catch_up']],
    ['none was missed', { cron: ['0 8 * * *'], last: '2026-11-21T08:01' }, []],
    ['one of every month was missed', { cron: ['0 8 1 * *'], last: '2026-10-21T08:01' }, ['catch_up']],
    ['the one missed is too long ago', { cron: ['0 8 1 10 *'], last: '2026-09-21T08:01' }, []],
    ['overdue', { every: HOUR, last: '2026-11-21T11:00' }, ['start']],
    ['not due yet', { every: HOUR, last: '2026-11-21T11:30' }, []],
    ['last run in the future', { every: HOUR, last: '2027-11-21T11:30' }, []],
  ])('at start: %s', async (_, given, causes) => {
    const runs = start('2026-11-21T12:03', given)
    await pass(1)
    expect(runs.map((run) => run.split(' ')[0])).toEqual(causes)
  })

  it('keeps the interval from due time to due time', async () => {
    const runs = start('2026-11-21T12:00', { every: 20 * 60_000, last: '2026-11-21T11:50' })
    expect(schedule?.next('job')).toBe(at('2026-11-21T12:10'))
    await pass(HOUR)
    expect(runs).toEqual(['schedule 11-21T12:10', 'schedule 11-21T12:30', 'schedule 11-21T12:50'])
  })

  it.each<[string, Partial<Job['schedule']>]>([
    ['cron', { cron: ['0 * * * *'] }],
    ['an interval', { every: HOUR }],
  ])('makes up once for three days asleep: %s', async (_, given) => {
    const runs = start('2026-11-21T12:00', { ...given, last: '2026-11-21T12:00' })
    await pass(HOUR)
    vi.setSystemTime(at('2026-11-24T13:20'))
    await pass(60_000)
    expect(runs).toEqual(['schedule 11-21T13:00', 'catch_up 11-24T13:20'])
    await pass(HOUR)
    expect(runs).toHaveLength(3)
  })

  it('goes on when the clock is put back', async () => {
    const runs = start('2026-11-21T12:00', { every: HOUR, last: '2026-11-21T12:00' })
    vi.setSystemTime(at('2026-11-11T12:00'))
    await pass(HOUR + 60_000)
    expect(runs).toEqual(['schedule 11-11T13:00'])
  })

  it('never runs twice at once; what was due meanwhile is one run more', async () => {
    const runs = start('2026-11-21T12:00', { cron: ['*/10 * * * *'], last: '2026-11-21T12:00', takes: 35 * 60_000 })
    await pass(50 * 60_000)
    expect(runs).toEqual(['schedule 11-21T12:10', 'schedule 11-21T12:45'])
  })

  it('leaves out cron times outside the active hours', async () => {
    const given = { cron: ['0 */3 * * *'], timeZone: 'Europe/Berlin', activeHours: { from: '22:00', to: '06:00' } }
    const runs = start('2026-11-21T11:00', { ...given, last: '2026-11-21T11:00' })
    expect(schedule?.next('job')).toBe(at('2026-11-21T23:00'))
    await pass(DAY)
    expect(runs).toEqual(['schedule 11-21T23:00', 'schedule 11-22T02:00'])
  })

  it('lets an interval and a first run wait for the active hours', async () => {
    const hours = { activeHours: { from: '08:00', to: '10:00' } }
    const runs = start('2026-11-21T11:00', { every: DAY, ...hours, last: '2026-11-20T12:00' })
    expect(schedule?.next('job')).toBe(at('2026-11-22T08:00'))
    await pass(DAY)
    expect(runs).toEqual(['schedule 11-22T08:00'])
    schedule?.stop()
    const first = start('2026-11-21T11:00', { cron: ['0 9 * * *'], ...hours })
    await pass(DAY)
    expect(first).toEqual(['start 11-22T08:00', 'schedule 11-22T09:00'])
  })

  it('delays scheduled runs at random, the first run not', async () => {
    const runs = start('2026-11-21T12:00', { cron: ['0 * * * *'], jitterMs: 10 * 60_000 }, 0.5)
    await pass(2.5 * HOUR)
    expect(runs).toEqual(['start 11-21T12:00', 'schedule 11-21T13:05', 'schedule 11-21T14:05'])
  })

  it('survives a job that rejects', async () => {
    vi.setSystemTime(at('2026-11-21T12:00'))
    let runs = 0
    const run = async () => {
      runs += 1
      throw new Error('no')
    }
    const plan = { every: HOUR, cron: [], timeZone: 'UTC', activeHours: null, jitterMs: 0 }
    schedule = startSchedule([{ name: 'job', schedule: plan, lastStartedAt: null, run }], {
      now: Date.now,
      random: Math.random,
      logger,
    })
    await pass(HOUR)
    expect([runs, errors.length]).toEqual([2, 2])
  })

  it('stops', async () => {
    const runs = start('2026-11-21T12:00', { every: HOUR, last: '2026-11-21T12:00' })
    schedule?.stop()
    await pass(DAY)
    expect([runs, vi.getTimerCount()]).toEqual([[], 0])
  })

  it('knows no next run of a job that is not there', () => {
    start('2026-11-21T12:00', {})
    expect([schedule?.next('job'), schedule?.next('other')]).toEqual([null, null])
  })
})

describe('isCron', () => {
  it.each([
    ['0 8,18 * * *', true],
    ['*/5 9-17 * * mon-fri', true],
    ['@daily', true],
    [' 0 8 * * * ', true],
    ['', false],
    ['daily', false],
    ['99 * * * *', false],
    ['0 0 31 2 *', false],
    ['* * * * * *', false],
    ['@never', false],
  ])('%j: %s', (text, expected) => {
    expect(isCron(text)).toBe(expected)
  })
})

describe('active hours', () => {
  it.each([
    ['08:00-20:00', { from: '08:00', to: '20:00' }],
    ['8:00 - 24:00', { from: '08:00', to: '24:00' }],
    ['22:00-06:30', { from: '22:00', to: '06:30' }],
    ['08:00-08:00', null],
    ['08:00', null],
    ['24:00-08:00', null],
    ['08:60-09:00', null],
    ['8-20', null],
    ['08:00-09:00-10:00', null],
    ['', null],
  ])('%j', (text, expected) => {
    expect(parseActiveHours(text)).toEqual(expected)
  })

  it.each([
    ['22:00-06:00', '2026-11-21T22:00', true],
    ['22:00-06:00', '2026-11-21T05:59', true],
    ['22:00-06:00', '2026-11-21T06:00', false],
    ['08:00-24:00', '2026-11-21T23:59', true],
    ['08:00-24:00', '2026-11-21T00:00', false],
  ])('%s holds %s: %s', (text, instant, expected) => {
    expect(activeHoursTest(parseActiveHours(text), 'UTC')(at(instant))).toBe(expected)
  })
})
