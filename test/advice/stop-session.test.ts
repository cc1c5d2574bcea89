import { describe, expect, it } from 'vitest'
import type { AdviceInput } from '../../src/advice/advice.ts'
import { advise } from '../../src/advice/advise.ts'
import { adviceInput, usageRow, usd } from './support.ts'

const MILLION = 1_000_000

const adviceOn = (input: Partial<AdviceInput>) =>
  advise(adviceInput(input)).filter(({ kind }) => kind === 'stop_session')

const active = (more: Partial<AdviceInput['active'][number]> = {}): AdviceInput['active'][number] => ({
  source: 'claude-code',
  agent: 'reviewer',
  project: 'shop',
  machine: null,
  sessions: 1,
  tokensPerMinuteMax: 1_000,
  unattendedRequestsMax: null,
  ...more,
})

const habit = (more: Partial<AdviceInput['habits'][number]> = {}): AdviceInput['habits'][number] => ({
  kind: 'agent',
  source: 'claude-code',
  name: 'reviewer',
  costLastHourPico: usd('12.30'),
  usualHourCostPico: usd('1.20'),
  tokensPerMinute: 80_000,
  usualTokensPerMinute: 4_000,
  ...more,
})

/** $0.39 per million tokens of all classes, $21 per million of those not read from the cache. */
const last7Days = [usageRow({}, { cache_read: 98 * MILLION, output: MILLION, cache_write_5m: MILLION, requests: 50 })]

describe('advice on runaways', () => {
  it('says what a fast session costs per hour at its mean price', () => {
    // $19.60 + $20 + $5 = $44.60 for 100 M tokens; 4 M x 60 x $0.446 / M = $107.04.
    const [advice, ...others] = adviceOn({ active: [active({ tokensPerMinuteMax: 4_000_000 })], last7Days })
    expect(others).toEqual([])
    expect(advice).toMatchObject({
      urgency: 'now',
      title:
        'Look at the session of agent reviewer of claude-code in project shop and stop what nobody is waiting for.',
      detail:
        'It uses 4,000,000 tokens per minute, more than the 3,000,000 of a runaway. At that rate and its mean price of the last 7 days it costs $107.04 per hour.',
      formula: '4,000,000 tokens x 60 minutes x $0.446 / 1 M = $107.04 per hour',
      savingPico: null,
      labels: { source: 'claude-code', agent: 'reviewer', project: 'shop' },
    })
  })

  it('tells of requests without a human turn', () => {
    const rows = [active({ unattendedRequestsMax: 151, sessions: 2 })]
    const [advice] = adviceOn({ active: rows, habits: [habit({ tokensPerMinute: 0 })] })
    expect(advice?.title).toContain('Look at the sessions of agent reviewer')
    expect(advice?.detail).toBe(
      'One of 2 has made 151 requests since somebody last wrote to it and uses 1,000 tokens per minute. In the last hour agent reviewer of claude-code cost $12.30; usual at this time of the week is $1.20.',
    )
    expect(advice?.formula).toBeNull()
  })

  it('tells of an agent at many times its usual rate, at the price of what it does not read from the cache', () => {
    // $44.60 for 2 M new tokens; 80,000 x 60 x $22.30 / M = $107.04.
    const [advice, ...others] = adviceOn({ habits: [habit()], last7Days })
    expect(others).toEqual([])
    expect(advice).toMatchObject({
      title: 'Look at what agent reviewer of claude-code does now and stop what nobody is waiting for.',
      formula: '80,000 tokens x 60 minutes x $22.30 / 1 M = $107.04 per hour',
      labels: { source: 'claude-code', agent: 'reviewer' },
    })
    expect(advice?.detail).toContain('80,000 tokens per minute without cache reads; usual while it works is 4,000.')
  })

  it('tells of a plan what it would cost', () => {
    const plan = [usageRow({}, { output: MILLION }, 'plan')]
    const [advice] = adviceOn({ active: [active({ tokensPerMinuteMax: 4_000_000 })], last7Days: plan })
    expect(advice?.detail).toContain('it would cost $4,800.00 per hour at list prices')
  })

  it('tells of one cause once: the session, else the agent, else the project', () => {
    const project = habit({ kind: 'project', source: '', name: 'shop' })
    const fast = active({ tokensPerMinuteMax: 4_000_000 })
    const labelsOf = (input: Partial<AdviceInput>) => adviceOn(input).map(({ labels }) => Object.keys(labels))
    expect(labelsOf({ active: [fast], habits: [habit(), project] })).toEqual([['source', 'agent', 'project']])
    expect(labelsOf({ active: [active()], habits: [habit(), project] })).toEqual([['source', 'agent']])
    expect(labelsOf({ active: [active({ agent: 'other' })], habits: [project] })).toEqual([['project']])
  })

  it('tells of too many sessions', () => {
    const rows = [active({ sessions: 9 }), active({ project: 'infra', sessions: 4 })]
    expect(adviceOn({ active: rows })).toMatchObject([
      {
        title: 'Stop sessions that nobody is waiting for.',
        detail:
          '13 sessions are active; more than 12 are thought too many. The most of one kind are 9 of agent reviewer of claude-code in project shop.',
        labels: {},
      },
    ])
  })

  it.each<[string, Partial<AdviceInput>]>([
    ['an ordinary session', { active: [active({ unattendedRequestsMax: 150, tokensPerMinuteMax: 3_000_000 })] }],
    ['one that has ended', { active: [active({ sessions: 0, tokensPerMinuteMax: 9_000_000 })] }],
    ['an agent of which nothing is usual', { habits: [habit({ usualTokensPerMinute: null })] }],
    ['an agent that is small', { habits: [habit({ tokensPerMinute: 50_000 })] }],
    ['an agent at ten times its usual rate', { habits: [habit({ usualTokensPerMinute: 8_000 })] }],
  ])('says nothing of %s', (_when, input) => {
    expect(adviceOn(input)).toEqual([])
  })
})
