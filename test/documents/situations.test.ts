import { describe, expect, it } from 'vitest'
import { renderDocument } from '../../src/documents/render.ts'
import type { Overview } from '../../src/overview/overview.ts'
import { budgetOf, emptyOverview, loadingOverview, overviewOf, sourceOf, withBudgets } from '../support/overview.ts'
import { NO_PARTS } from './support.ts'

const markdown = (overview: Overview) => renderDocument('markdown', overview, NO_PARTS)
const section = (overview: Overview) => renderDocument('section', overview, NO_PARTS)
const NO_ADVICE = { ...overviewOf().advice, rows: [] }

function partOf(overview: Overview, title: string): string {
  return markdown(overview).split(`\n## ${title}\n`)[1]?.split('\n## ')[0]?.trim() ?? ''
}

type Amounts = NonNullable<Overview['agents']['totals']>

/** The same use under a flat-rate plan. */
function onlyPlan(overview: Overview): Overview {
  const moved = <Row extends { estimatedCostUsd: number; planValueUsd: number }>(row: Row): Row => ({
    ...row,
    estimatedCostUsd: 0,
    planValueUsd: row.estimatedCostUsd,
  })
  const list = <List extends { rows: readonly Amounts[]; totals: Amounts | null }>(all: List): List => ({
    ...all,
    rows: all.rows.map(moved),
    totals: all.totals && moved(all.totals),
  })
  const { status } = overview
  const { today, last7Days, monthToDate } = status
  return {
    ...overview,
    status: {
      ...status,
      today: today && moved(today),
      last7Days: last7Days && moved(last7Days),
      monthToDate: monthToDate && moved(monthToDate),
    },
    days: overview.days.map(moved),
    agents: list(overview.agents),
    models: list(overview.models),
    projects: list(overview.projects),
    sessions: list(overview.sessions),
  }
}

describe('a report of an installation without any use', () => {
  it('says that there is none, not that it is unknown or being read', () => {
    const text = markdown(emptyOverview())
    expect(text).toContain('In May 2026 so far, the session logs hold no use.')
    expect(partOf(emptyOverview(), 'Trend')).toMatch(/^The session logs hold nothing since 2026-\d\d-\d\d\.$/)
    expect(partOf(emptyOverview(), 'Causes')).toMatch(/^The session logs hold nothing since /)
    expect(text).toContain('; no source was read yet.')
    expect(text).not.toMatch(/unknown|is read\b/i)
  })

  it('tells what the provider billed for other machines', () => {
    const empty = emptyOverview()
    const { monthToDate } = empty.status
    const text = markdown({
      ...empty,
      status: { ...empty.status, monthToDate: monthToDate && { ...monthToDate, billedCostUsd: 1_234.5 } },
      sources: {
        ...empty.sources,
        rows: [sourceOf('anthropic-cost', { kind: 'api', organization: 'default', nextRun: null })],
      },
    })
    expect(text).toContain(
      'In May 2026 so far, the session logs hold no use and the provider has billed **$1,234.50** for whatever machine.',
    )
    expect(text).toMatch(/\| `anthropic-cost` \|.*\| not known \|$/m)
  })
})

describe('a report while the history is read', () => {
  it.each(['Key figures', 'Trend', 'Causes', 'Alerts', 'Advice', 'Check-list'])('knows nothing yet of %s', (title) => {
    expect(partOf(loadingOverview(), title)).toMatch(/unknown/i)
  })

  it('calms nobody in its short form either', () => {
    expect(section(loadingOverview())).not.toContain('No alert is active')
    expect(section(loadingOverview())).toContain('Alerts are unknown while the history of the logs is read.')
  })
})

describe('a report of use that a plan covers', () => {
  it('says nothing of cost, and shares the plan value out', () => {
    const overview = onlyPlan(overviewOf())
    expect(partOf(overview, 'Executive summary')).toMatch(
      /^In May 2026 so far, a flat-rate plan covered use worth \$84\.50/,
    )
    expect(partOf(overview, 'Executive summary')).toContain('project `website` ($52.25, 100 %)')
    const causes = partOf(overview, 'Causes')
    expect(causes).not.toMatch(/cost|\$0\.00|\| - \|/i)
    expect(causes).toContain('| main agent | claude-code | $40.00 | 77 % |')
  })
})

describe('what to do next', () => {
  it('is to decide on a budget that is used up four times over, where no alert or advice says so', () => {
    const exceeded = budgetOf('monthly', {
      state: 'exceeded',
      spent: 800,
      usedRatio: 4,
      remaining: -600,
      forecast: null,
    })
    const overview = { ...withBudgets([exceeded]), advice: NO_ADVICE }
    const summary = partOf(overview, 'Executive summary')
    expect(summary).toContain('**400 %** is used ($800.00 of $200.00)')
    expect(summary).toContain(
      'the next step is to decide whether budget monthly gets a higher limit or its use has to wait',
    )
    expect(summary).not.toContain('nothing calls for a change')
  })

  it('is nothing where all is well', () => {
    const overview = { ...withBudgets([]), advice: NO_ADVICE }
    expect(partOf(overview, 'Executive summary')).toContain('No alert is active, and nothing calls for a change.')
    expect(partOf(overview, 'Check-list')).toBe('Nothing to do.')
  })
})

describe('the trend of the only day there is', () => {
  it('claims nothing of the week before', () => {
    const { days } = overviewOf()
    const only = (index: number) =>
      days.map((day, at) => (at === index ? day : { ...day, estimatedCostUsd: 0, planValueUsd: 0, tokens: 0 }))
    expect(partOf({ ...overviewOf(), days: only(28) }, 'Trend')).toMatch(
      /^Estimated cost of the 7 days before today came to \$9\.00; nothing is recorded of the 7 days before\. Tokens came to /,
    )
    expect(partOf({ ...overviewOf(), days: only(29) }, 'Trend')).toMatch(
      /^Estimated cost of the 7 days before today came to nothing, as in the 7 days before\. Tokens came to nothing/,
    )
  })
})
