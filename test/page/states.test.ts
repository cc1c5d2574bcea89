import { describe, expect, it } from 'vitest'
import { BUDGET_STATES, UNKNOWN_REASONS } from '../../src/core/budget.ts'
import type { Overview } from '../../src/overview/overview.ts'
import {
  adviceOf,
  alertOf,
  budgetOf,
  emptyOverview,
  iso,
  loadingOverview,
  overviewOf,
  runOf,
  sourceOf,
  windowOf,
  withBudgets,
} from '../support/overview.ts'
import { parseMarkup, textOf, textOfId } from './markup.ts'
import { servedPage } from './render.ts'

const over = budgetOf('monthly', { state: 'exceeded', spent: 212.4, remaining: -12.4, usedRatio: 1.062 })
const near = budgetOf('weekly', { state: 'critical', spent: 192, usedRatio: 0.96 })
const stale = budgetOf('bill', {
  state: 'unknown',
  unknownReason: 'stale',
  spent: null,
  remaining: null,
  usedRatio: null,
})

describe('the first sentence', () => {
  it.each<[string, Overview, string]>([
    ['no budget', withBudgets([]), 'No budget is configured'],
    ['one that is fine', withBudgets([budgetOf('a')]), 'The budget is fine'],
    ['several that are fine', withBudgets([budgetOf('a'), budgetOf('b')]), 'All budgets are fine'],
    ['one exceeded', withBudgets([budgetOf('a'), over]), 'Budget monthly exceeded: $212.40 of $200.00'],
    [
      'several exceeded',
      withBudgets([over, { ...over, name: 'x', usedRatio: 3 }]),
      'Budget x exceeded: $212.40 of $200.00, and 1 more exceeded',
    ],
    ['nearly used up', withBudgets([near, stale]), 'Budget weekly nearly used up: $192.00 of $200.00 (96.0%)'],
    ['unknown', withBudgets([stale]), 'Budget bill unknown: its data are too old; see the last runs below'],
    ['loading', loadingOverview(), 'The history of the logs is being read'],
  ])('%s', (_case, overview, sentence) => {
    expect(textOfId(servedPage(overview), 'state-heading')).toContain(sentence)
  })

  it.each(['exceeded', 'critical', 'warning'])('is %s in the title of the window, too', (state) => {
    const page = servedPage(withBudgets([budgetOf('a', { state: state as 'warning' })]))
    expect(page).toContain(`<title>${state} · Agent usage and cost</title>`)
  })

  it('says how many alerts there are', () => {
    const overview = overviewOf()
    const rows = [alertOf('ClaudeBudgetExceeded'), alertOf('ClaudeRunawayAgent')]
    const page = servedPage({ ...overview, alerts: { ...overview.alerts, rows } })
    expect(textOfId(page, 'state')).toContain('2 alerts')
    expect(textOfId(page, 'alerts')).toContain('critical A budget is exceeded. Budget monthly has used 106 %')
    expect(page).toContain('href="https://example.org/runbooks/ClaudeRunawayAgent.md"')
  })
})

describe('a budget', () => {
  it.each(BUDGET_STATES)('that is %s says so in words', (state) => {
    const reason = state === 'unknown' ? 'stale' : null
    const page = servedPage(withBudgets([budgetOf('a', { state, unknownReason: reason })]))
    expect(textOfId(page, 'budgets')).toMatch(new RegExp(`^Budgets .* a ${state} month · estimated cost `))
  })

  it.each(UNKNOWN_REASONS)('that is unknown says why: %s', (unknownReason) => {
    const text = textOfId(servedPage(withBudgets([{ ...stale, unknownReason }])), 'budgets')
    expect(text).toMatch(/unknown of \$200\.00 unknown Unknown: .{20,}\./)
    expect(text).not.toContain('$0.00')
  })

  it('beyond its limit is told and drawn beyond it', () => {
    const page = servedPage(withBudgets([{ ...over, usedRatio: 2, spent: 400, remaining: -200, forecast: null }]))
    const text = textOfId(page, 'budgets')
    expect(text).toContain('$400.00 of $200.00 200.0%')
    expect(text).toContain('Over by $200.00')
    expect(page).toContain('aria-label="monthly: $400.00 of $200.00 used, 200.0%, 43.6% of the period is over"')
    // The limit is in the middle of a bar that is used up wholly.
    expect(page).toMatch(/<rect class="fill" width="100%"/)
    expect(page).toMatch(/<rect class="limit" x="50%"/)
  })

  it('tells its forecast with its band, its burn, its reset and what a day may cost', () => {
    const text = textOfId(servedPage(withBudgets([budgetOf('a')])), 'budgets')
    expect(text).toContain('Left $115.50 ( $6.60 a day)')
    expect(text).toContain('Forecast $190.40 ($171.20–$214.80)')
    expect(text).toContain('Burn 1.20× 1 h, 0.90× 6 h, 0.97× 3 d')
    expect(text).toContain('Resets 2026-06-01 00:00 (in 18 d)')
  })

  it('that is rolling has no reset and, where there is none, no forecast', () => {
    const period = { name: 'rolling 7d', start: iso(-10_080), end: iso(), timeZone: 'UTC' }
    const text = textOfId(servedPage(withBudgets([budgetOf('a', { period, forecast: null })])), 'budgets')
    expect(text).toContain('Resets bit by bit: it is rolling')
    expect(text).not.toContain('just now')
    expect(text).not.toContain('Forecast')
  })

  it('that is not known well enough for a forecast says why', () => {
    const page = servedPage(withBudgets([budgetOf('a', { forecast: null })]))
    expect(page).toMatch(/<dt>Forecast<\/dt><dd><abbr class="unknown" title="too little [^"]+">–</)
  })

  it('that runs out says when, while that is ahead', () => {
    const page = (minutes: number) => servedPage(withBudgets([budgetOf('a', { exhaustsAt: iso(minutes) })]))
    expect(textOfId(page(180), 'budgets')).toContain('Runs out 2026-05-14 15:30 (in 3 h)')
    expect(textOfId(page(-180), 'budgets')).not.toContain('Runs out')
  })
})

describe('further budgets', () => {
  const many = (state: 'ok' | 'warning') =>
    Array.from({ length: 9 }, (_, index) => budgetOf(`budget-${index}`, { state: index === 8 ? state : 'ok' }))
  const details = (budgets: ReturnType<typeof many>) =>
    /<details id="more-budgets"( open)?><summary>([^<]*)</.exec(servedPage(withBudgets(budgets)))?.slice(1)

  it('are folded away where all is well with them', () => {
    expect(details(many('ok'))).toEqual([undefined, '3 more, all ok'])
  })

  it('are open where one of them needs a look', () => {
    const serious = Array.from({ length: 6 }, (_, index) => budgetOf(`serious-${index}`, { state: 'critical' }))
    expect(details([...serious, ...many('warning').slice(6)])).toEqual([' open', '3 more'])
  })
})

describe('400 budgets', () => {
  const many = Array.from({ length: 400 }, (_, index) => budgetOf(`budget-${index}`, { usedRatio: index / 400 }))
  const page = servedPage(withBudgets([...many, over]))

  it('show the most serious first, and say how many are not shown', () => {
    const text = textOfId(page, 'budgets')
    expect(text).toContain('an even pace monthly exceeded')
    expect(text).toContain('And 335 more')
    expect(text).toContain('budget-399')
    expect(text).not.toContain('budget-0 ')
  })

  it('make a page that is still small', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(80_000)
  })
})

describe('advice', () => {
  const overview = overviewOf()
  const rows = [
    adviceOf('a', { urgency: 'now', title: 'Stop it.', savingUsdPer30Days: null, formula: null }),
    adviceOf('b', { urgency: 'now', title: 'Slow down.' }),
    adviceOf('c', { planValueUsdPer30Days: 3 }),
  ]
  const page = servedPage({ ...overview, advice: { ...overview.advice, rows } })
  const details = parseMarkup(page).filter(
    ({ tag, attributes }) => tag === 'details' && attributes.get('id')?.startsWith('advice-'),
  )

  it('shows what to do, how urgent it is and what it saves; the rest is behind it', () => {
    const shown = details.map(({ markup }) => textOf(/<summary>(.*?)<\/summary>/s.exec(markup)?.[1] ?? ''))
    expect(shown).toEqual([
      'now Stop it.',
      'now Slow down. saves about $41.50 in 30 days',
      'Let agent reviewer use claude-haiku-4-5. saves about $41.50 , frees about $3.00 of plan value in 30 days',
    ])
    expect(textOf(details[2]?.markup ?? '')).toMatch(/It answers in few words.* \(\$14\.50 - \$4\.82\) \/ 7 days x 30/)
  })

  it('is open where it is the most urgent one', () => {
    expect(details.map(({ attributes }) => attributes.has('open'))).toEqual([true, false, false])
  })
})

describe('an empty ledger', () => {
  const page = servedPage(emptyOverview())
  it.each([
    ['budgets', 'No budget is configured. With one, this page says'],
    ['alerts', 'Nothing needs attention now.'],
    ['advice', 'Nothing that would save a noticeable amount was found'],
    ['trend-section', 'Nothing was used in the last 30 days.'],
    ['agents', 'Nothing was used in the last 7 days.'],
    ['sessions', 'Nothing was used in the last 7 days.'],
    ['cache', 'No prompt was sent in the last 7 days.'],
    ['windows', 'claude-usage-exporter statusline'],
    ['balances', 'balance.top_ups'],
    ['sources', 'claude-usage-exporter doctor'],
    ['runs', 'Nothing has run yet'],
    ['state', 'logs are followed all the time'],
  ])('has words for its %s', (id, text) => {
    expect(textOfId(page, id)).toContain(text)
  })

  it('has spent nothing, which is known', () => {
    expect(textOfId(page, 'figures')).toContain('Today $0.00')
  })
})

describe('while the history is loaded', () => {
  const page = servedPage(loadingOverview())
  it.each(['advice', 'trend-section', 'agents', 'models', 'projects', 'sessions', 'cache', 'alerts'])(
    '%s says that it follows',
    (id) => {
      expect(textOfId(page, id)).toMatch(/once the history of the logs is read/)
    },
  )

  it('says that data are not complete', () => {
    expect(textOfId(page, 'state')).toContain('Data loading')
    expect(textOfId(page, 'state')).toContain('Older logs are still being read')
  })
})

describe('plan windows', () => {
  it('stand before advice where they are known, and after it where only how to get them is told', () => {
    const order = (overview: Overview) => {
      const page = servedPage(overview)
      return page.indexOf('<section id="windows"') < page.indexOf('<section id="advice"')
    }
    const overview = overviewOf()
    expect(order(overview)).toBe(true)
    expect(order({ ...overview, windows: { ...overview.windows, rows: [] } })).toBe(false)
  })

  it('that have been reset since are not told as if they were current', () => {
    const overview = overviewOf()
    const rows = [windowOf('5h', 0.97, { resetsAt: iso(-10), observedAt: iso(-200) })]
    const text = textOfId(servedPage({ ...overview, windows: { ...overview.windows, rows } }), 'windows')
    expect(text).toContain(
      '5 hours main unknown 97.0% used Was reset 2026-05-14 12:20 (10 min ago) Told 3 h 20 min ago',
    )
  })

  it.each([
    [0.5, 'ok'],
    [0.8, 'warning'],
    [0.95, 'critical'],
    [1.2, 'exceeded'],
  ])('with %d used are %s', (usedRatio, state) => {
    const overview = overviewOf()
    const rows = [windowOf('7d', usedRatio)]
    const page = servedPage({ ...overview, windows: { ...overview.windows, rows } })
    expect(textOfId(page, 'windows')).toContain(`7 days main ${state} `)
  })
})

describe('sources and runs', () => {
  it('say what cannot be read, what failed and why', () => {
    const overview = overviewOf()
    const api = sourceOf('admin-api', { kind: 'api', up: false, organization: 'acme', files: null, nextRun: iso(30) })
    const failed = runOf(2, { result: 'failed', reason: 'auth', error: 'The key was refused.' })
    const page = servedPage({
      ...overview,
      sources: {
        ...overview.sources,
        rows: [sourceOf('pi', { up: null, rejectedLines: 7 }), sourceOf('openclaw', { inUse: false, up: null }), api],
      },
      runs: { ...overview.runs, rows: [failed, runOf(3, { result: 'running', durationSeconds: null })] },
    })
    expect(textOfId(page, 'sources')).toMatch(
      /pi logs not tried .* openclaw logs not in use .* admin-api API cannot be read .* in 30 min/,
    )
    expect(textOfId(page, 'runs')).toContain('failed The key was refused. admin-api schedule')
    expect(textOfId(page, 'runs')).toContain('running admin-api schedule – 24')
  })

  it('say that nothing is billed where no organisation is read', () => {
    expect(textOfId(servedPage(overviewOf()), 'sources')).toContain('No organisation is read')
  })
})
