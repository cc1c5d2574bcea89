import { describe, expect, it } from 'vitest'
import { ApiProblem } from '../../src/api/problem.ts'
import { chooseRange, daysOfRange, MAX_DAYS } from '../../src/api/range.ts'
import { NOW } from './support.ts'

const at = (text: string) => Date.parse(text)
const context = (timeZone: string) => ({ now: NOW, timeZone, span: { first: at('2026-01-12T10:00:00Z'), last: NOW } })

describe('chooseRange', () => {
  it.each([
    { asked: {}, zone: 'UTC', from: '2026-04-05T00:00:00Z', to: '2026-05-04T15:45:00Z' },
    { asked: { days: 1 }, zone: 'UTC', from: '2026-05-04T00:00:00Z', to: '2026-05-04T15:45:00Z' },
    { asked: { days: 1 }, zone: 'Europe/Berlin', from: '2026-05-03T22:00:00Z', to: '2026-05-04T15:45:00Z' },
    {
      asked: { days: 1, tz: 'America/Los_Angeles' },
      zone: 'UTC',
      from: '2026-05-04T07:00:00Z',
      to: '2026-05-04T15:45:00Z',
    },
    { asked: { days: 'all' as const }, zone: 'UTC', from: '2026-01-12T00:00:00Z', to: '2026-05-04T15:45:00Z' },
    {
      asked: { from: '2026-05-01', to: '2026-05-02' },
      zone: 'Europe/Berlin',
      from: '2026-04-30T22:00:00Z',
      to: '2026-05-02T22:00:00Z',
    },
    {
      asked: { from: '2026-05-01T10:00:00+02:00', to: '2026-05-01T12:00:00Z' },
      zone: 'UTC',
      from: '2026-05-01T08:00:00Z',
      to: '2026-05-01T12:00:00Z',
    },
    {
      asked: { from: '2026-05-01T10:07:00Z', to: '2026-05-01T12:01:00Z' },
      zone: 'UTC',
      from: '2026-05-01T10:00:00Z',
      to: '2026-05-01T12:15:00Z',
    },
    {
      asked: { from: '2026-05-01', to: '2030-01-01' },
      zone: 'UTC',
      from: '2026-05-01T00:00:00Z',
      to: '2026-05-04T15:45:00Z',
    },
    { asked: { days: 2, to: '2026-05-02' }, zone: 'UTC', from: '2026-05-01T00:00:00Z', to: '2026-05-03T00:00:00Z' },
    // The clock is put forward in the night of 29 March: the day has 23 hours.
    {
      asked: { from: '2026-03-29', to: '2026-03-29' },
      zone: 'Europe/Berlin',
      from: '2026-03-28T23:00:00Z',
      to: '2026-03-29T22:00:00Z',
    },
  ])('$asked in $zone is $from to $to', ({ asked, zone, from, to }) => {
    expect(chooseRange(asked, context(zone))).toMatchObject({ from: at(from), to: at(to) })
  })

  it.each([
    { asked: { days: 3, from: '2026-05-01' }, parameter: 'days', detail: /give one of the two/ },
    { asked: { from: '2026-02-30' }, parameter: 'from', detail: /names no day and no time.*"2026-02-30"/ },
    { asked: { to: '2026-05-01T25:00:00Z' }, parameter: 'to', detail: /names no day/ },
    { asked: { from: '1969-01-01' }, parameter: 'from', detail: /from 1970 on/ },
    {
      asked: { from: '2026-05-03', to: '2026-05-01' },
      parameter: 'from',
      detail: /ends before it begins: 2026-05-03T00:00:00Z to/,
    },
    { asked: { from: '2027-01-01' }, parameter: 'from', detail: /ends before it begins/ },
  ])('$asked is refused', ({ asked, parameter, detail }) => {
    const problem = problemIn(() => chooseRange(asked, context('UTC')))
    expect(problem.problem.parameter).toBe(parameter)
    expect(problem.message).toMatch(detail)
  })
})

describe('daysOfRange', () => {
  it('takes as many days as it says, and no more', () => {
    const last = chooseRange({ days: MAX_DAYS }, context('UTC'))
    expect(daysOfRange(last, 'UTC')).toHaveLength(MAX_DAYS)
    const more = { ...last, from: last.from - 1 }
    expect(problemIn(() => daysOfRange(more, 'UTC')).message).toMatch(/^A range may have at most 400 days here/)
    expect(problemIn(() => daysOfRange({ ...last, from: 0 }, 'UTC')).problem.parameter).toBe('from')
  })
})

function problemIn(work: () => unknown): ApiProblem {
  try {
    work()
  } catch (error) {
    if (error instanceof ApiProblem) return error
    throw error
  }
  throw new Error('nothing was refused')
}
