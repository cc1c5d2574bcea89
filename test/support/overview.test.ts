import { describe, expect, it } from 'vitest'
import type { ZodMiniType } from 'zod/mini'
import { budgetsDocument } from '../../src/api/schema/budgets.ts'
import { claudeUsageDocument } from '../../src/api/schema/claude-usage.ts'
import {
  agentsDocument,
  modelsDocument,
  projectsDocument,
  runsDocument,
  sessionsDocument,
  sourcesDocument,
} from '../../src/api/schema/lists.ts'
import { adviceDocument, alertsDocument, windowsDocument } from '../../src/api/schema/now.ts'
import { statusDocument } from '../../src/api/schema/status.ts'
import { summaryDocument } from '../../src/api/schema/usage.ts'
import { alertOf, budgetOf, emptyOverview, loadingOverview, overviewOf, withBudgets } from './overview.ts'

const SCHEMAS: Readonly<Record<string, ZodMiniType>> = {
  status: statusDocument,
  summary: summaryDocument,
  budgets: budgetsDocument,
  agents: agentsDocument,
  models: modelsDocument,
  projects: projectsDocument,
  sessions: sessionsDocument,
  windows: windowsDocument,
  alerts: alertsDocument,
  advice: adviceDocument,
  sources: sourcesDocument,
  runs: runsDocument,
  claudeUsage: claudeUsageDocument,
}

const overview = overviewOf()

describe.each([
  ['a small installation', overview],
  ['an empty one', emptyOverview()],
  ['one that is loading', loadingOverview()],
  [
    'one with several budgets',
    withBudgets([budgetOf('a', { state: 'exceeded' }), budgetOf('b', { state: 'unknown' })]),
  ],
  ['one with an alert', { ...overview, alerts: { ...overview.alerts, rows: [alertOf('ClaudeBudgetExceeded')] } }],
])('the documents of %s', (_case, example) => {
  it.each(Object.keys(SCHEMAS))('%s is as the API has it', (document) => {
    const value: unknown = Object.entries(example).find(([name]) => name === document)?.[1]
    expect(SCHEMAS[document]?.safeParse(value).error?.issues ?? []).toEqual([])
  })
})
