import { describe, expect, it } from 'vitest'
import { checkList } from '../../src/documents/check-list.ts'
import type { Overview } from '../../src/overview/overview.ts'
import { MONTHLY, overviewOf, USE, withBudget } from './support.ts'

describe('the check-list', () => {
  it('names a thing once, advice before alerts, with the page that says what to do', async () => {
    const overview = withBudget(await overviewOf(USE), MONTHLY)
    const alert = {
      severity: 'critical' as const,
      summary: 's',
      labels: { budget: 'monthly' },
      runbook: 'https://example.com/r.md',
    }
    const alerts = [
      { ...alert, name: 'A', description: 'first' },
      { ...alert, name: 'B', description: 'second' },
    ]
    const told = { ...overview, alerts: { ...overview.alerts, rows: alerts }, advice: { ...overview.advice, rows: [] } }
    const about = (list: Overview) => checkList(list).filter(({ text }) => /first|second|monthly|Spend/.test(text))
    expect(about(told)).toEqual([{ text: 'Look into this: first', link: 'https://example.com/r.md' }])
    const advice = {
      id: 'spend_less_per_day:monthly',
      kind: 'spend_less_per_day' as const,
      urgency: 'now' as const,
      title: 'Spend less.',
      detail: '',
      savingUsdPer30Days: null,
      planValueUsdPer30Days: null,
      formula: null,
      labels: { budget: 'monthly' },
    }
    const advised = { ...told, advice: { ...overview.advice, rows: [advice] } }
    expect(about(advised)).toEqual([{ text: 'Spend less.', link: 'https://example.com/r.md' }])
  })

  it('has budgets no alert is about, sources that fail, models without a price', async () => {
    const overview = withBudget(await overviewOf(USE), { ...MONTHLY, state: 'ok' })
    const [source] = overview.sources.rows
    const [model] = overview.models.rows
    if (!source || !model) throw new Error('the sample has none')
    const list = checkList({
      ...overview,
      alerts: { ...overview.alerts, rows: [] },
      advice: { ...overview.advice, rows: [] },
      sources: {
        ...overview.sources,
        rows: [
          { ...source, source: 'claude-code', inUse: true, up: false, lastSuccess: '2026-05-01T10:00:00Z' },
          { ...source, source: 'pi', inUse: false, up: null, lastSuccess: '2026-05-01T10:00:00Z', files: 0 },
        ],
      },
      models: { ...overview.models, rows: [{ ...model, model: 'mystery-1', unpricedTokens: 4_000 }] },
      windows: { ...overview.windows, rows: [] },
    }).map(({ text }) => text)
    expect(list).toEqual([
      'Slow down what budget monthly is for, or raise its limit: it is forecast to end at $130.00 at a limit of $100.00.',
      'Make source claude-code readable again; it was last read 2026-05-01 10:00.',
      'Set a price for model mystery-1 (pricing.overrides): 4,000 tokens are in no amount.',
    ])
  })
})
