import { describe, expect, it } from 'vitest'
import { sessionFacts } from '../../../src/cli/statusline/session.ts'

const NOTHING = { model: null, contextRatio: null, costUsd: null }

describe('sessionFacts', () => {
  it('reads what Claude Code tells', () => {
    expect(
      sessionFacts({
        model: { id: 'claude-opus-4-6', display_name: 'Opus 4.6' },
        cost: { total_cost_usd: 1.25, total_duration_ms: 5 },
        context_window: { used_percentage: 42, context_window_size: 200_000 },
      }),
    ).toEqual({ model: 'Opus 4.6', contextRatio: 0.42, costUsd: 1.25 })
  })

  it.each([
    [{ display_name: '', id: 'claude-opus-4-6' }, 'claude-opus-4-6'],
    [{ display_name: 7, id: 'claude-opus-4-6' }, 'claude-opus-4-6'],
    ['claude-opus-4-6', 'claude-opus-4-6'],
    [{ display_name: 'a\u001b]0;title\u0007\nb\u202e' }, 'a\\u001b]0;title\\u0007\\u000ab\\u202e'],
    [{ display_name: 'x'.repeat(1_000) }, 'x'.repeat(60)],
    [{}, null],
    [[], null],
  ])('names the model of %j', (model, expected) => {
    expect(sessionFacts({ model }).model).toBe(expected)
  })

  it.each([null, undefined, 1, 'text', [], {}, { model: null, cost: [], context_window: 'x' }])(
    'knows nothing from %j',
    (input) => {
      expect(sessionFacts(input)).toEqual(NOTHING)
    },
  )

  it.each(['1', -1, 1e300, null, {}, Number.NaN])('does not take %j for an amount', (value) => {
    expect(sessionFacts({ cost: { total_cost_usd: value }, context_window: { used_percentage: value } })).toEqual(
      NOTHING,
    )
  })

  it('takes nothing that is inherited', () => {
    expect(sessionFacts(Object.create({ model: 'inherited' }))).toEqual(NOTHING)
  })
})
