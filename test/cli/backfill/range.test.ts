import { describe, expect, it } from 'vitest'
import { chooseRange, type RangeContext, type RangeOptions } from '../../../src/cli/backfill/range.ts'

const at = (text: string) => Date.parse(text)
const BERLIN: RangeContext = {
  now: at('2026-05-04T15:31:07.500Z'),
  timeZone: 'Europe/Berlin',
  earliest: at('2026-01-12T09:45:00Z'),
}

function chosen(options: RangeOptions, context = BERLIN) {
  const { from, to, reachesInto } = chooseRange(options, context)
  return [new Date(from).toISOString(), new Date(to).toISOString(), reachesInto]
}

describe('the range of a history', () => {
  it.each<{ when: string; options: RangeOptions; from?: string; to?: string; reachesInto?: string }>([
    { when: 'nothing is said', options: {} },
    { when: 'it begins on a day', options: { since: '2026-05-01' }, from: '2026-04-30T22:00:00.000Z' },
    { when: 'it begins yesterday', options: { since: 'yesterday' }, from: '2026-05-02T22:00:00.000Z' },
    {
      when: 'it begins within a quarter of an hour',
      options: { since: '2026-05-01T09:29:59Z' },
      from: '2026-05-01T09:15:00.000Z',
    },
    { when: 'it would begin before anything is known', options: { since: '2020-01-01' } },
    { when: 'it ends with a day', options: { until: '2026-05-02' }, to: '2026-05-02T22:00:00.000Z' },
    {
      when: 'it ends at a time of the configured zone',
      options: { until: '2026-05-03T10:20' },
      to: '2026-05-03T08:15:00.000Z',
    },
    {
      when: 'it ends less than 4 hours ago',
      options: { until: '2026-05-04T11:45:00Z' },
      to: '2026-05-04T11:45:00.000Z',
      reachesInto: 'head',
    },
    { when: 'it ends now', options: { until: 'now' }, to: '2026-05-04T15:31:07.500Z', reachesInto: 'now' },
  ])('when $when', ({ options, from, to, reachesInto }) => {
    expect(chosen(options)).toEqual([
      from ?? '2026-01-12T09:45:00.000Z',
      to ?? '2026-05-04T11:30:00.000Z',
      reachesInto ?? 'past',
    ])
  })

  it.each([
    { of: 'an empty ledger', earliest: null },
    { of: 'a ledger that begins later', earliest: at('2026-05-04T15:00:00Z') },
  ])('is one instant for $of', ({ earliest }) => {
    const end = '2026-05-04T11:30:00.000Z'
    expect(chosen({}, { ...BERLIN, earliest })).toEqual([end, end, 'past'])
  })

  it.each<{ options: RangeOptions; message: string }>([
    { options: { until: 'today' }, message: 'The history would end in the future' },
    { options: { until: '2026-05-04' }, message: 'The history would end in the future' },
    { options: { until: '2026-05-04T15:31:08Z' }, message: 'The history would end in the future' },
    { options: { until: '2027-01-01' }, message: 'The history would end in the future' },
    { options: { since: '2026-05-03', until: '2026-05-02' }, message: 'The history ends before it begins' },
    { options: { since: '2026-05-03T10:00:00Z', until: '2026-05-03T10:10:00Z' }, message: 'ends before it begins' },
    { options: { since: '2026-05-04T15:00:00Z' }, message: 'The history ends before it begins' },
    { options: { since: 'lately' }, message: '--since needs a day or a time' },
    { options: { since: '2026-02-30' }, message: '--since needs a day or a time' },
    { options: { until: 'soon' }, message: '--until needs a day or a time, or now' },
    { options: { since: 'now' }, message: '--since needs a day or a time' },
  ])('refuses $options', ({ options, message }) => {
    expect(() => chooseRange(options, BERLIN)).toThrow(message)
  })
})
