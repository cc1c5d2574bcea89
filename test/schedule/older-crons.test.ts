import { afterEach, describe, expect, it, vi } from 'vitest'
import { type JobSchedule, jobTimes } from '../../src/schedule/job-times.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** What the older scripts had in their crontab: once in the morning, once in the evening. */
const OLDER: JobSchedule = {
  every: null,
  cron: ['0 8 * * *', '0 18 * * *'],
  timeZone: 'America/Los_Angeles',
  activeHours: null,
  jitterMs: 0,
}

const utc = (text: string) => Date.parse(`${text}Z`)
const text = (instant: number) => new Date(instant).toISOString().slice(0, 16)

afterEach(() => {
  vi.useRealTimers()
})

/** Every due time told while the clock goes from minute to minute, a few seconds after each. */
function firings(from: string, until: string): string[] {
  const times = jobTimes(OLDER, utc(from), utc(from))
  const due: string[] = []
  for (let now = utc(from); now <= utc(until); now += MINUTE) {
    const taken = times.takeDue(now + 7_000)
    if (taken !== null) due.push(text(taken))
  }
  times.close()
  return due
}

describe('8:00 and 18:00 in Los Angeles', () => {
  it.each([
    // Until 02:00 of that Sunday 8:00 is 16:00 UTC, from then on 15:00.
    ['before the clocks go forward in 2026', '2026-03-06', ['16:00', '02:00', '16:00', '02:00', '15:00', '01:00']],
    ['after the clocks went forward in 2026', '2026-03-08', ['15:00', '01:00', '15:00', '01:00', '15:00', '01:00']],
    ['before the clocks go back in 2026', '2026-10-30', ['15:00', '01:00', '15:00', '01:00', '16:00', '02:00']],
    ['after the clocks went back in 2026', '2026-11-01', ['16:00', '02:00', '16:00', '02:00', '16:00', '02:00']],
    ['before the clocks go forward in 2027', '2027-03-12', ['16:00', '02:00', '16:00', '02:00', '15:00', '01:00']],
    ['after the clocks went forward in 2027', '2027-03-14', ['15:00', '01:00', '15:00', '01:00', '15:00', '01:00']],
    ['before the clocks go back in 2027', '2027-11-05', ['15:00', '01:00', '15:00', '01:00', '16:00', '02:00']],
    ['after the clocks went back in 2027', '2027-11-07', ['16:00', '02:00', '16:00', '02:00', '16:00', '02:00']],
  ])('are two firings a day at the right instants %s', (_, day, times) => {
    // 18:00 there is on the next day in UTC.
    const expected = times.map((time, index) => {
      const date = new Date(utc(`${day}T00:00`) + Math.ceil(index / 2) * DAY)
      return `${date.toISOString().slice(0, 10)}T${time}`
    })
    const until = text(utc(`${day}T12:00`) + 3 * DAY)
    expect(firings(`${day}T12:00`, until)).toEqual(expected)
  })

  it.each([
    ['2026-03-08T02:00', '2026-03-08T15:00'],
    ['2026-03-08T15:00', '2026-03-09T01:00'],
    ['2026-11-01T01:00', '2026-11-01T16:00'],
    ['2026-11-01T16:00', '2026-11-02T02:00'],
    ['2027-03-14T02:00', '2027-03-14T15:00'],
    ['2027-11-07T01:00', '2027-11-07T16:00'],
  ])('are told before: after %s comes %s', (now, next) => {
    vi.useFakeTimers({ now: utc(now) + 1_000, toFake: ['Date'] })
    const times = jobTimes(OLDER, utc(now), utc(now))
    expect(text(times.next(utc(now) + 1_000) ?? 0)).toBe(next)
    times.close()
  })

  it.each([
    ['from before 8:00 to 9:30', '2026-03-08T13:00', '2026-03-08T16:30', '2026-03-08T15:00'],
    ['over morning and evening', '2026-10-31T12:00', '2026-11-01T06:00', '2026-11-01T01:00'],
    ['for three days', '2026-10-30T12:00', '2026-11-02T20:00', '2026-11-02T16:00'],
  ])('fire once on a machine that was asleep %s', (_, asleep, awake, due) => {
    const times = jobTimes(OLDER, utc(asleep), utc(asleep))
    expect(times.takeDue(utc(asleep))).toBe(null)
    const later = Array.from({ length: 30 }, (_unused, minute) => times.takeDue(utc(awake) + minute * MINUTE))
    expect(later.filter((taken) => taken !== null).map(text)).toEqual([due])
    times.close()
  })
})
