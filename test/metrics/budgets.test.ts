import { describe, expect, it } from 'vitest'
import { definitions, samplesOf } from '../../src/metrics/definitions.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { budgetFigures, sampleBudget, sampleBudgets } from './sample-budgets.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

/** Values of a family by its labels, joined. */
function valuesOf(name: string, fields: Partial<Snapshot> = {}): Readonly<Record<string, number | bigint>> {
  const definition = definitions.find((each) => each.name === name)
  if (definition === undefined) throw new Error(`no family ${name}`)
  const samples = samplesOf(definition, { ...sampleSnapshot, ...fields })
  return Object.fromEntries(
    samples.map(([labels, value]) => [definition.labels.map((label) => labels[label]).join(' '), value]),
  )
}

describe('the families of a budget', () => {
  it('are of its unit', () => {
    const names = definitions.flatMap(({ name }) => (/^claude_budget_.*_(usd|tokens)$/.test(name) ? [name] : []))
    const inTokens = names.filter((name) => 'weekly-tokens' in valuesOf(name))
    expect(inTokens).toEqual([
      'claude_budget_forecast_high_tokens',
      'claude_budget_forecast_low_tokens',
      'claude_budget_forecast_tokens',
      'claude_budget_limit_tokens',
      'claude_budget_remaining_tokens',
      'claude_budget_spent_tokens',
      'claude_budget_suggested_per_day_tokens',
    ])
    const inUsd = names.filter((name) => 'monthly' in valuesOf(name))
    expect(inUsd).toEqual([...inTokens.map((name) => name.replace('tokens', 'usd')), 'claude_budget_unpriced_tokens'])
  })

  it('say exactly one state', () => {
    const states = Object.entries(valuesOf('claude_budget_state'))
    expect(states).toHaveLength(5 * sampleBudgets.length)
    expect(states.filter(([, value]) => value === 1).map(([labels]) => labels)).toEqual([
      'monthly exceeded',
      'weekly-tokens ok',
      'plan-30d ok',
      'official/default/organization/monthly unknown',
    ])
  })

  it('have no critical threshold where the budget may only warn', () => {
    expect(valuesOf('claude_budget_threshold_ratio')).toMatchObject({
      'monthly critical': 0.9,
      'plan-30d warning': 0.75,
    })
    expect(valuesOf('claude_budget_threshold_ratio')).not.toHaveProperty('plan-30d critical')
  })

  it('tell what the budget is in bounded words', () => {
    const scope = { project: Array.from({ length: 100 }, (_, index) => `project-${index}`) }
    const budget = sampleBudget({ owner: ' Ada\n ', scope })
    const [labels = ''] = Object.keys(valuesOf('claude_budget_info', { budgets: [budgetFigures(budget)] }))
    expect(labels).toMatch(/^monthly usd month project=project-0\|project-1\|.*… Europe\/Berlin configured Ada$/)
    expect(labels.length).toBeLessThan(200)
  })

  it('never hold a number that is none', () => {
    const odd = budgetFigures(sampleBudget(), {
      usedRatio: Number.NaN,
      burnRate1h: Number.POSITIVE_INFINITY,
      forecastErrors: [{ step: 0.5, ratio: Number.NEGATIVE_INFINITY }],
    })
    for (const name of ['used_ratio', 'burn_rate_1h', 'forecast_error_ratio']) {
      expect(valuesOf(`claude_budget_${name}`, { budgets: [odd] })).toEqual({})
    }
  })
})

describe('a budget of which nothing is known while history is loaded', () => {
  it('has limit, period, thresholds, info and state, and nothing else', () => {
    const budgets = [budgetFigures(sampleBudget())]
    const served = definitions
      .filter(({ collector, labels }) => collector === 'budgets' && labels.includes('budget'))
      .filter(({ name }) => Object.keys(valuesOf(name, { budgets, complete: false })).length > 0)
    expect(served.map(({ name }) => name)).toEqual([
      'claude_budget_elapsed_ratio',
      'claude_budget_info',
      'claude_budget_limit_usd',
      'claude_budget_period_end_timestamp_seconds',
      'claude_budget_period_start_timestamp_seconds',
      'claude_budget_state',
      'claude_budget_threshold_ratio',
    ])
    expect(valuesOf('claude_budget_state', { budgets, complete: false })['monthly unknown']).toBe(1)
  })
})

describe('the families of balances, thresholds and habits', () => {
  it('leave out what is not known', () => {
    expect(valuesOf('claude_balance_usd')).toEqual({ acme: -1n, default: 41_500_000_000_000n })
    expect(valuesOf('claude_balance_runway_seconds')).toEqual({ acme: 0, default: 777_600.5 })
    expect(valuesOf('claude_agent_cost_usual_hour_usd')).toEqual({ 'claude-code none': 1_250_000_000_000n })
    expect(valuesOf('claude_agent_usual_tokens_per_minute')).toEqual({ 'claude-code none': 400 })
  })

  it('give every threshold its value of the configuration', () => {
    const alertThresholds = { ...sampleSnapshot.alertThresholds, active_sessions_count: 3 }
    const values = valuesOf('claude_alert_threshold', { alertThresholds })
    expect(values).toEqual(alertThresholds)
  })
})
