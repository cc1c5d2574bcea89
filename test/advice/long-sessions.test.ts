import { describe, expect, it } from 'vitest'
import type { AdviceSession } from '../../src/advice/advice.ts'
import { advise } from '../../src/advice/advise.ts'
import { zeroMeasures } from '../../src/core/measures.ts'
import { adviceInput, measuresOf, type Used, usageRow } from './support.ts'

const MILLION = 1_000_000
const HOUR_MS = 3_600_000
const MODEL = 'claude-opus-5-5'
/** $20 of reads and $20 of output. */
const LONG: Used = { cache_read: 100 * MILLION, output: MILLION, requests: 500 }

function sessionOf(used: Used = LONG, more: Partial<AdviceSession> = {}): AdviceSession {
  return {
    source: 'claude-code',
    session: '0b5f1a52-aaaa',
    agent: 'none',
    project: 'shop',
    durationMs: 5 * HOUR_MS,
    daysAgo: 0,
    models: [{ model: MODEL, totals: { metered: measuresOf(MODEL, used), plan: zeroMeasures() } }],
    ...more,
  }
}

/** The rest of the week: $1 for every 50,000 tokens. */
const restOf = (output: number) => usageRow({ agent: 'none', project: 'infra' }, { output })

const adviceOn = (session: AdviceSession, rest: number, used: Used = LONG) =>
  advise(
    adviceInput({
      sessions: [session],
      last7Days: [usageRow({ agent: 'none' }, used), restOf(rest)],
    }),
  ).filter(({ kind }) => kind === 'long_sessions')

describe('advice on long sessions', () => {
  it('says what a session is of the week and what reading its own past cost', () => {
    const [advice, ...others] = adviceOn(sessionOf(), 3 * MILLION)
    expect(others).toEqual([])
    expect(advice).toMatchObject({
      title: 'Begin new sessions, or compact earlier, in the main conversation of claude-code in project shop.',
      savingPico: null,
      planValuePico: null,
      formula: '100,000,000 cache read x $0.20 / 1 M = $20.00',
      labels: { source: 'claude-code', agent: 'none', project: 'shop', session: '0b5f1a52-aaaa' },
    })
    expect(advice?.detail).toContain('is 40.0% of what the last 7 days cost ($40.00 of $100.00)')
    expect(advice?.detail).toContain('500 requests read 200.0 k tokens from the cache each, which makes $20.00')
    expect(advice?.detail).toContain('as an estimate')
  })

  it.each<[string, AdviceSession, number, Used]>([
    ['a fifth of the week or less', sessionOf(), 8 * MILLION, LONG],
    ['a short one', sessionOf(LONG, { durationMs: HOUR_MS }), 0, LONG],
    ['one that ended days ago', sessionOf(LONG, { daysAgo: 4 }), 0, LONG],
    ['one with little to read', sessionOf({ ...LONG, requests: 2_001 }), 0, LONG],
    ['one whose cost is output', sessionOf({ ...LONG, output: 4 * MILLION }), 0, { ...LONG, output: 4 * MILLION }],
    [
      'one with a model without a price',
      sessionOf(LONG, {
        models: [
          ...sessionOf().models,
          { model: 'llama', totals: { metered: measuresOf('llama', LONG), plan: zeroMeasures() } },
        ],
      }),
      0,
      LONG,
    ],
  ])('says nothing of %s', (_when, session, rest, used) => {
    expect(adviceOn(session, rest, used)).toEqual([])
  })
})
