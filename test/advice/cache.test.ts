import { describe, expect, it } from 'vitest'
import type { AdviceInput } from '../../src/advice/advice.ts'
import { advise } from '../../src/advice/advise.ts'
import { adviceInput, type Used, usageRow, usd } from './support.ts'

const MILLION = 1_000_000

const adviceOn = (input: Partial<AdviceInput>) =>
  advise(adviceInput(input)).filter(({ kind }) => kind === 'cache_reads' || kind === 'cache_writes')

describe('advice on cache reads', () => {
  const before = [usageRow({}, { input: MILLION, cache_read: 9 * MILLION })]

  it('prices the tokens that would have been read at the share of the week before', () => {
    // 90 % of 10 M are 9 M, 3 M more than were read: 1 M of input x ($4 - $0.20) + 2 M of writes x ($5 - $0.20) = $13.40.
    const last7Days = [usageRow({}, { input: MILLION, cache_write_5m: 3 * MILLION, cache_read: 6 * MILLION })]
    const [advice, ...others] = adviceOn({ last7Days, before })
    expect(others).toEqual([])
    expect(advice).toMatchObject({
      kind: 'cache_reads',
      title: 'Find out why agent reviewer of claude-code in project shop reads less from the cache than a week ago.',
      savingPico: (usd('13.4') * 30n) / 7n,
      formula:
        '(1,000,000 input x ($4.00 - $0.20) + 2,000,000 cache write 5m x ($5.00 - $0.20)) / 1 M x 30 / 7 = $57.43',
      labels: { source: 'claude-code', agent: 'reviewer', project: 'shop', model: 'claude-opus-5-5' },
    })
    expect(advice?.detail).toContain(
      '60.0% came from the cache in the last 7 days, which cost $20.20; the week before it was 90.0%. With that share 3.0 M tokens would have been read',
    )
  })

  it('says nothing of what has ended', () => {
    const used = { input: MILLION, cache_write_5m: 3 * MILLION, cache_read: 6 * MILLION }
    expect(adviceOn({ last7Days: [usageRow({ daysAgo: 4 }, used)], before })).toEqual([])
    expect(adviceOn({ last7Days: [usageRow({ daysAgo: 4 }, { cache_write_1h: 10 * MILLION })] })).toEqual([])
    expect(adviceOn({ last7Days: [usageRow({ daysAgo: 3 }, { cache_write_1h: 10 * MILLION })] })).toHaveLength(1)
  })

  it('compares with others like it where the week before says nothing', () => {
    const last7Days = [
      usageRow({}, { input: 2 * MILLION, cache_write_5m: 3 * MILLION, cache_read: 5 * MILLION }),
      usageRow({ agent: 'tester' }, { input: MILLION, cache_read: 9 * MILLION }),
      // No like of a sub-agent.
      usageRow({ agent: 'none' }, { cache_read: 90 * MILLION }),
    ]
    const [advice, ...others] = adviceOn({ last7Days })
    expect(others).toEqual([])
    expect(advice?.title).toBe('Let agent reviewer of claude-code in project shop read more from the cache.')
    expect(advice?.detail).toContain('others like it with the same model read 90.0%')
    // 2 M x $3.80 + 2 M x $4.80
    expect(advice?.savingPico).toBe((usd('17.2') * 30n) / 7n)
  })

  it('says so where the cache is not used at all', () => {
    const last7Days = [
      usageRow({}, { input: 10 * MILLION }),
      usageRow({ agent: 'tester' }, { input: MILLION, cache_read: 9 * MILLION }),
    ]
    expect(adviceOn({ last7Days })).toMatchObject([
      { title: 'Switch prompt caching on for agent reviewer of claude-code in project shop.' },
    ])
  })

  it.each<[string, Used]>([
    ['a fall of five points', { input: 15 * MILLION, cache_read: 85 * MILLION }],
    ['a rise', { cache_read: 100 * MILLION }],
    ['few tokens', { input: 600_000, cache_read: 399_000 }],
    ['what is not worth a dollar', { input: 410_000, cache_read: 600_000, paidOfFour: 0 }],
  ])('says nothing of %s', (_when, used) => {
    expect(adviceOn({ last7Days: [usageRow({}, used)], before })).toEqual([])
  })
})

describe('advice on cache writes', () => {
  it('prices hour-long writes as short ones where they cost more than the reads save', () => {
    // 10 M x ($8 - $4) = $40 on top against 5 M x $3.80 = $19 saved; short ones are 10 M x ($8 - $5) = $30 less.
    const last7Days = [usageRow({}, { cache_write_1h: 10 * MILLION, cache_read: 5 * MILLION })]
    const [advice, ...others] = adviceOn({ last7Days })
    expect(others).toEqual([])
    expect(advice).toMatchObject({
      kind: 'cache_writes',
      title: 'Let agent reviewer of claude-code in project shop write its cache for 5 minutes instead of 1 hour.',
      savingPico: (usd('30') * 30n) / 7n,
      formula: '10,000,000 cache write 1h x ($8.00 - $5.00) / 1 M x 30 / 7 = $128.57',
    })
    expect(advice?.detail).toContain('cost $40.00 more than plain input would have, and its cache reads saved $19.00')
  })

  it('prices no caching at all where that is better still', () => {
    const last7Days = [usageRow({}, { cache_write_1h: 10 * MILLION, cache_read: MILLION })]
    expect(adviceOn({ last7Days })).toMatchObject([
      {
        title: 'Stop agent reviewer of claude-code in project shop from writing a cache that is hardly read.',
        savingPico: (usd('36.2') * 30n) / 7n,
        formula: '($40.00 - $3.80) x 30 / 7 = $155.14',
      },
    ])
  })

  it('never saves more than was paid', () => {
    // The provider billed nothing for most of it: $20 of $80.
    const last7Days = [usageRow({}, { cache_write_1h: 10 * MILLION, paidOfFour: 1 })]
    expect(adviceOn({ last7Days })).toMatchObject([{ savingPico: (usd('20') * 30n) / 7n }])
  })

  it('says nothing where the reads save more', () => {
    const last7Days = [usageRow({}, { cache_write_1h: 10 * MILLION, cache_read: 11 * MILLION })]
    expect(adviceOn({ last7Days })).toEqual([])
  })

  it('tells of the same use once, the larger side', () => {
    const last7Days = [usageRow({}, { cache_write_1h: 10 * MILLION })]
    const before = [usageRow({}, { cache_read: 10 * MILLION })]
    // 10 M x ($8 - $0.20) as reads against $40 without a cache.
    expect(adviceOn({ last7Days, before })).toMatchObject([{ kind: 'cache_reads', savingPico: (usd('78') * 30n) / 7n }])
  })
})
