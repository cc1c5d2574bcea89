import { describe, expect, it } from 'vitest'
import type { Overview } from '../../src/overview/overview.ts'
import { adviceOf, budgetOf, emptyOverview, loadingOverview, overviewOf, withBudgets } from '../support/overview.ts'
import { parseMarkup, textOf } from './markup.ts'
import { servedPage } from './render.ts'

const OF_STATUS = ['today', 'last7Days', 'monthToDate', 'activeSessions', 'unpricedTokens']

/** What a document says at a path such as `budgets.budgets[0].spent`. */
function lookUp(overview: Overview, path: string): unknown {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '')
  const start: unknown = OF_STATUS.includes(steps[0] ?? '') ? overview.status : overview
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | null)?.[step], start)
}

function figuresOf(page: string): readonly { path: string; value: string; text: string }[] {
  return parseMarkup(page).flatMap(({ tag, attributes, markup }) => {
    const path = attributes.get('data-figure')
    if (path === undefined) return []
    expect(tag).toBe('data')
    return [{ path, value: attributes.get('value') ?? '', text: textOf(markup) }]
  })
}

const balance = { organization: 'acme', balanceUsd: -3.25, toppedUpUsd: 500, runwayDays: null }
const full = withBudgets([
  budgetOf('monthly', { state: 'exceeded', spent: 212.4, remaining: -12.4, usedRatio: 1.062 }),
  budgetOf('tokens', {
    unit: 'tokens',
    basis: 'session_tokens',
    limit: 5e6,
    spent: 1e6,
    remaining: 4e6,
    usedRatio: 0.2,
  }),
])
const everything: Overview = {
  ...full,
  projects: { ...full.projects, rows: full.projects.rows.map((row) => ({ ...row, planValueUsd: 4 })) },
  status: { ...full.status, unpricedTokens: 1_234 },
  budgets: { ...full.budgets, balances: [balance] },
  advice: { ...full.advice, rows: [adviceOf('a', { planValueUsdPer30Days: 3 }), adviceOf('b')] },
}

describe('figures of the page', () => {
  it.each([
    ['a small installation', overviewOf()],
    ['one where much is going on', everything],
    ['an empty one', emptyOverview()],
    ['one that is loading', loadingOverview()],
  ])('are those of the documents: %s', (_case, overview) => {
    for (const { path, value } of figuresOf(servedPage(overview))) {
      expect([path, value]).toEqual([path, String(lookUp(overview, path))])
    }
  })

  it('are there once each', () => {
    const paths = figuresOf(servedPage(everything)).map(({ path }) => path)
    expect(paths).toEqual([...new Set(paths)])
  })

  it.each([
    ['today.estimatedCostUsd', '$9.25'],
    ['last7Days.estimatedCostUsd', '$52.25'],
    ['last7Days.tokens.total', '10.4 M'],
    ['monthToDate.estimatedCostUsd', '$84.50'],
    ['activeSessions', '2'],
    ['unpricedTokens', '1.23 k'],
    ['budgets.budgets[0].spent', '$212.40'],
    ['budgets.budgets[0].remaining', '$12.40'],
    ['budgets.budgets[0].usedRatio', '106.2%'],
    ['budgets.budgets[1].limit', '5.00 M'],
    ['budgets.balances[0].balanceUsd', '-$3.25'],
    ['agents.rows[1].estimatedCostUsd', '$12.25'],
    ['agents.rows[1].tokens.total', '2.45 M'],
    ['models.rows[0].requests', '500'],
    ['projects.rows[0].planValueUsd', '$4.00'],
    ['budgets.budgets[1].suggestedPerDay', '6.6'],
    ['agents.totals.cacheHitRatio', '93.0%'],
    ['sessions.rows[0].estimatedCostUsd', '$9.25'],
    ['windows.rows[1].usedRatio', '81.0%'],
    ['advice.rows[0].savingUsdPer30Days', '$41.50'],
    ['advice.rows[0].planValueUsdPer30Days', '$3.00'],
  ])('%s reads %s', (path, text) => {
    const found = figuresOf(servedPage(everything)).find((figure) => figure.path === path)
    expect(found?.text).toBe(text)
  })

  it('are not there, and said to be unknown, where they are not known', () => {
    const page = servedPage(loadingOverview())
    expect(figuresOf(page).filter(({ path }) => path.startsWith('today'))).toEqual([])
    const tile = parseMarkup(page).find(({ attributes }) => attributes.get('data-key') === 'today')
    expect(textOf(tile?.markup ?? '')).toMatch(/^Today unknown /)
    expect(tile?.markup).toContain('title="the history of the logs is still being read"')
    expect(tile?.markup).not.toContain('$')
  })

  it('give the trend to the script as the days have it', () => {
    const overview = overviewOf()
    const script = parseMarkup(servedPage(overview)).find(({ attributes }) => attributes.get('id') === 'trend-data')
    expect(script?.parents.at(-1)).toBe('figure')
    expect(JSON.parse(script?.markup ?? '')).toEqual({
      days: overview.days.map(({ day }) => day),
      metered: overview.days.map(({ estimatedCostUsd }) => estimatedCostUsd),
      plan: overview.days.map(({ planValueUsd }) => planValueUsd),
      tokens: overview.days.map(({ tokens }) => tokens),
    })
  })
})
