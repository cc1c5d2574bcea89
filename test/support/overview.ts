import type { BudgetsDocument } from '../../src/api/schema/budgets.ts'
import type {
  AgentsDocument,
  MachinesDocument,
  RunsDocument,
  SessionsDocument,
  SourcesDocument,
} from '../../src/api/schema/lists.ts'
import type { AdviceDocument, AlertsDocument, WindowsDocument } from '../../src/api/schema/now.ts'
import type { StatusDocument } from '../../src/api/schema/status.ts'
import type { SummaryDocument } from '../../src/api/schema/usage.ts'
import type { Overview, OverviewDay } from '../../src/overview/overview.ts'

/** The moment all examples are of. */
const AT = Date.UTC(2026, 4, 14, 12, 30)
const TIME_ZONE = 'UTC'

type Range = SummaryDocument['range']
type Tokens = SummaryDocument['providers'][number]['byDay'][number]['tokens']
type Usage = Omit<SummaryDocument['providers'][number]['byDay'][number], 'day'>
type Budget = BudgetsDocument['budgets'][number]

/** `iso(-5)`: five minutes before AT. */
export function iso(minutes = 0): string {
  return new Date(AT + minutes * 60_000).toISOString().replace('.000Z', 'Z')
}

function head<const Name extends string>(document: Name) {
  return { schemaVersion: 1 as const, document, generatedAt: iso(), timeZone: TIME_ZONE, complete: true }
}

const MONTH: Range = { kind: 'calendar', from: '2026-05-01T00:00:00Z', to: iso() }
const WEEK: Range = { kind: 'rolling', from: iso(-7 * 24 * 60), to: iso() }
const TODAY: Range = { kind: 'calendar', from: '2026-05-14T00:00:00Z', to: iso() }
const LIST: Range = { kind: 'calendar', from: '2026-05-08T00:00:00Z', to: iso() }
const TREND: Range = { kind: 'calendar', from: '2026-04-15T00:00:00Z', to: iso() }

function tokensOf(total: number): Tokens {
  const part = Math.floor(total / 10)
  return { input: part, cacheWrite5m: part, cacheWrite1h: 0, cacheRead: total - 3 * part, output: part, total }
}

function usageOf(estimatedCostUsd: number, change: Partial<Usage> = {}): Usage {
  const total = Math.round(estimatedCostUsd * 200_000)
  return {
    tokens: tokensOf(total),
    requests: Math.round(estimatedCostUsd * 10),
    webSearches: 0,
    estimatedCostUsd,
    planValueUsd: 0,
    billedCostUsd: null,
    unpricedTokens: 0,
    cacheHitRatio: 0.93,
    cacheSavingsUsd: estimatedCostUsd * 3,
    cacheSavingsOfPlanUsd: 0,
    ...change,
  }
}

export function budgetOf(name: string, change: Partial<Budget> = {}): Budget {
  return {
    name,
    origin: 'configured',
    basis: 'estimated_cost',
    unit: 'usd',
    scope: {},
    owner: 'none',
    severity: 'critical',
    thresholds: { warning: 0.8, critical: 0.95 },
    period: { name: 'month', start: '2026-05-01T00:00:00Z', end: '2026-06-01T00:00:00Z', timeZone: 'UTC' },
    state: 'ok',
    unknownReason: null,
    limit: 200,
    spent: 84.5,
    remaining: 115.5,
    usedRatio: 0.4225,
    elapsedRatio: 0.4362,
    burnRate: { '1h': 1.2, '6h': 0.9, '3d': 0.97 },
    forecast: { expected: 190.4, low: 171.2, high: 214.8 },
    exhaustsAt: null,
    suggestedPerDay: 6.6,
    forecastErrors: [],
    unpricedTokens: 0,
    dataTo: iso(-1),
    ...change,
  }
}

/** Days up to today, each a little more expensive than the one before. */
export function daysOf(count: number): OverviewDay[] {
  return Array.from({ length: count }, (_, index) => ({
    day: new Date(AT - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10),
    estimatedCostUsd: 2 + index / 4,
    planValueUsd: index % 3,
    tokens: 400_000 + index * 50_000,
    requests: 20 + index,
  }))
}

function page(total: number) {
  return { offset: 0, limit: 10, total, next: null }
}

function list<const Name extends string, Row>(document: Name, rows: readonly Row[], totals: Usage | null) {
  return { ...head(document), range: LIST, filters: {}, page: page(rows.length), totals, rows: [...rows] }
}

export function agentOf(agent: string, cost: number, change: Partial<AgentsDocument['rows'][number]> = {}) {
  const row: AgentsDocument['rows'][number] = {
    source: 'claude-code',
    agent,
    modelInUse: 'claude-sonnet-4-5',
    activeSessions: 1,
    ...usageOf(cost),
    ...change,
  }
  return row
}

export function sessionOf(session: string, cost: number, change: Partial<SessionsDocument['rows'][number]> = {}) {
  const row: SessionsDocument['rows'][number] = {
    source: 'claude-code',
    session,
    agent: 'none',
    project: 'website',
    models: ['claude-sonnet-4-5', 'claude-haiku-4-5'],
    first: iso(-125),
    last: iso(-5),
    durationSeconds: 7_200,
    ...usageOf(cost),
    ...change,
  }
  return row
}

export function sourceOf(source: string, change: Partial<SourcesDocument['rows'][number]> = {}) {
  const row: SourcesDocument['rows'][number] = {
    source,
    kind: 'logs',
    organization: null,
    inUse: true,
    up: true,
    lastSuccess: iso(-1),
    dataTo: iso(-5),
    nextRun: null,
    files: 12,
    linesRead: 34_567,
    rejectedLines: 0,
    ...change,
  }
  return row
}

export function runOf(id: number, change: Partial<RunsDocument['rows'][number]> = {}) {
  const row: RunsDocument['rows'][number] = {
    id,
    source: 'admin-api',
    cause: 'schedule',
    startedAt: iso(-60 * id),
    endedAt: iso(-60 * id + 1),
    durationSeconds: 12.5,
    result: 'ok',
    generation: null,
    range: { from: iso(-3 * 24 * 60), to: iso() },
    attempts: 1,
    requests: 8,
    changes: { fetched: 120, added: 20, changed: 4, removed: 0, unchanged: 96 },
    reason: null,
    error: null,
    ...change,
  }
  return row
}

export function alertOf(name: string, change: Partial<AlertsDocument['rows'][number]> = {}) {
  const row: AlertsDocument['rows'][number] = {
    name,
    severity: 'critical',
    summary: 'A budget is exceeded.',
    description: 'Budget monthly has used 106 % of its limit: $212.40 of $200.00. The period ends 2026-06-01.',
    labels: { budget: 'monthly' },
    runbook: `https://example.org/runbooks/${name}.md`,
    ...change,
  }
  return row
}

export function adviceOf(id: string, change: Partial<AdviceDocument['rows'][number]> = {}) {
  const row: AdviceDocument['rows'][number] = {
    id,
    kind: 'cheaper_model',
    urgency: 'consider',
    title: 'Let agent reviewer use claude-haiku-4-5.',
    detail: 'It answers in few words, which the smaller model does as well. Try it on a few tasks first.',
    savingUsdPer30Days: 41.5,
    planValueUsdPer30Days: null,
    formula: '($14.50 - $4.82) / 7 days x 30 = $41.50',
    labels: { agent: 'reviewer' },
    ...change,
  }
  return row
}

export function windowOf(window: string, usedRatio: number, change: Partial<WindowsDocument['rows'][number]> = {}) {
  const row: WindowsDocument['rows'][number] = {
    account: 'main',
    window,
    usedRatio,
    resetsAt: iso(100),
    observedAt: iso(-3),
    origin: 'statusline',
    ...change,
  }
  return row
}

function statusWindow(range: Range, estimatedCostUsd: number): StatusDocument['today'] {
  const { tokens, requests } = usageOf(estimatedCostUsd)
  return { range, tokens, requests, estimatedCostUsd, planValueUsd: 0, billedCostUsd: null }
}

function statusBudget({ name, state, unit, limit, spent, remaining, usedRatio, period }: Budget) {
  return { name, state, unit, limit: limit ?? 0, spent, remaining, usedRatio, resetsAt: period.end }
}

const SEVERITY: readonly Budget['state'][] = ['ok', 'unknown', 'warning', 'critical', 'exceeded']

function worstOf(budgets: readonly Budget[]): Budget['state'] {
  return budgets.map(({ state }) => state).sort((a, b) => SEVERITY.indexOf(b) - SEVERITY.indexOf(a))[0] ?? 'ok'
}

export function machineOf(
  machine: string,
  values: Partial<MachinesDocument['rows'][number]> = {},
): MachinesDocument['rows'][number] {
  return {
    machine,
    version: '1.2.3',
    state: 'ok',
    lastSeen: iso(-1),
    lastRead: iso(-2),
    newestResponse: iso(-3),
    sessions: 4,
    ...usageOf(52.25),
    ...values,
  }
}

/** Documents with these budgets, as `Overview` has them. */
export function withBudgets(budgets: readonly Budget[], overview: Overview = overviewOf()): Overview {
  const worstState = worstOf(budgets)
  return {
    ...overview,
    status: { ...overview.status, worstState, budgets: budgets.map(statusBudget) },
    budgets: { ...overview.budgets, worstState, budgets: [...budgets] },
  }
}

/** A small installation on which all is well. Every document is valid against its schema. */
export function overviewOf(change: Partial<Overview> = {}): Overview {
  const days = daysOf(30)
  const cost = days.reduce((sum, { estimatedCostUsd }) => sum + estimatedCostUsd, 0)
  const plan = days.reduce((sum, { planValueUsd }) => sum + planValueUsd, 0)
  const budgets = [budgetOf('monthly')]
  const week = usageOf(52.25, { planValueUsd: 7 })
  return {
    at: AT,
    timeZone: TIME_ZONE,
    version: '1.2.3',
    status: {
      ...head('status'),
      lastUpdated: iso(-1),
      nextUpdate: iso(45),
      today: statusWindow(TODAY, 9.25),
      last7Days: statusWindow(WEEK, 52.25),
      monthToDate: statusWindow(MONTH, 84.5),
      unpricedTokens: 0,
      activeSessions: 2,
      worstState: 'ok',
      budgets: budgets.map(statusBudget),
      balances: [],
    },
    summary: {
      ...head('summary'),
      range: TREND,
      providers: [
        {
          provider: 'anthropic',
          totals: usageOf(cost, { planValueUsd: plan }),
          byModel: [{ model: 'claude-sonnet-4-5', ...usageOf(cost, { planValueUsd: plan }) }],
          byAgent: [{ source: 'claude-code', agent: 'none', ...usageOf(cost, { planValueUsd: plan }) }],
          byProject: [{ project: 'website', ...usageOf(cost, { planValueUsd: plan }) }],
          byDay: days.map(({ day, estimatedCostUsd, planValueUsd, tokens, requests }) => ({
            day,
            ...usageOf(estimatedCostUsd, { planValueUsd, tokens: tokensOf(tokens), requests }),
          })),
          groups: null,
          organizations: null,
        },
      ],
      grandTotal: {
        tokens: tokensOf(33_750_000),
        requests: 1_035,
        webSearches: 0,
        unpricedTokens: 0,
        metered: { tokens: tokensOf(30_000_000), requests: 900, estimatedCostUsd: cost },
        plan: { tokens: tokensOf(3_750_000), requests: 135, planValueUsd: plan },
        billed: { billedCostUsd: null, range: null },
      },
    },
    days,
    budgets: { ...head('budgets'), worstState: 'ok', budgets, balances: [] },
    agents: list('agents', [agentOf('none', 40), agentOf('reviewer', 12.25, { activeSessions: 0 })], week),
    models: list(
      'models',
      [
        { model: 'claude-sonnet-4-5', ...usageOf(50) },
        { model: 'claude-haiku-4-5', ...usageOf(2.25) },
      ],
      week,
    ),
    projects: list('projects', [{ project: 'website', sessions: 4, ...usageOf(52.25) }], week),
    sessions: list('sessions', [sessionOf('0d5e0f3a-1111-4222-8333-444455556666', 9.25), sessionOf('b', 4)], week),
    machines: list('machines', [machineOf('laptop')], week),
    windows: { ...head('windows'), rows: [windowOf('5h', 0.42), windowOf('7d', 0.81)] },
    alerts: { ...head('alerts'), rows: [] },
    advice: { ...head('advice'), rows: [adviceOf('cheaper_model:reviewer')] },
    sources: { ...head('sources'), page: page(1), rows: [sourceOf('claude-code')] },
    runs: { ...head('runs'), page: page(1), rows: [runOf(1)] },
    claudeUsage: {
      timestamp: iso(),
      claudeUsage: {
        weeklyTokens: 10_450_000,
        monthlyTokens: 16_900_000,
        weeklyPercentage: null,
        monthlySpend: 84.5,
        spendKind: 'estimated',
        spendPercentage: 42.25,
        balance: null,
        lastUpdated: iso(-1),
      },
    },
    ...change,
  }
}

const NO_USE = usageOf(0, { cacheHitRatio: null })

/** The first minute of a new installation: everything was read, and there was nothing. */
export function emptyOverview(): Overview {
  const overview = withBudgets([])
  const none = <Document extends { rows: unknown[] }>(document: Document): Document => ({ ...document, rows: [] })
  const noWindow = (range: Range) => ({ ...statusWindow(range, 0), range }) as StatusDocument['today']
  const paged = { offset: 0, limit: 10, total: 0, next: null }
  return {
    ...overview,
    status: {
      ...overview.status,
      lastUpdated: null,
      nextUpdate: null,
      today: noWindow(TODAY),
      last7Days: noWindow(WEEK),
      monthToDate: noWindow(MONTH),
      activeSessions: 0,
    },
    summary: {
      ...overview.summary,
      providers: [],
      grandTotal: {
        tokens: tokensOf(0),
        requests: 0,
        webSearches: 0,
        unpricedTokens: 0,
        metered: { tokens: tokensOf(0), requests: 0, estimatedCostUsd: 0 },
        plan: { tokens: tokensOf(0), requests: 0, planValueUsd: 0 },
        billed: { billedCostUsd: null, range: null },
      },
    },
    days: [],
    agents: { ...none(overview.agents), totals: NO_USE, page: paged },
    models: { ...none(overview.models), totals: NO_USE, page: paged },
    projects: { ...none(overview.projects), totals: NO_USE, page: paged },
    sessions: { ...none(overview.sessions), totals: NO_USE, page: paged },
    machines: { ...none(overview.machines), totals: NO_USE, page: paged },
    windows: none(overview.windows),
    advice: none(overview.advice),
    sources: { ...none(overview.sources), page: paged },
    runs: { ...none(overview.runs), page: paged },
    claudeUsage: {
      timestamp: iso(),
      claudeUsage: {
        weeklyTokens: 0,
        monthlyTokens: 0,
        weeklyPercentage: null,
        monthlySpend: 0,
        spendKind: 'estimated',
        spendPercentage: null,
        balance: null,
        lastUpdated: null,
      },
    },
  }
}

/** While the history of the logs is read for the first time. */
export function loadingOverview(): Overview {
  const overview = emptyOverview()
  const loading = { complete: false }
  return {
    ...overview,
    status: {
      ...overview.status,
      ...loading,
      today: null,
      last7Days: null,
      monthToDate: null,
      unpricedTokens: null,
      activeSessions: null,
    },
    summary: { ...overview.summary, ...loading, grandTotal: null },
    days: [],
    budgets: { ...overview.budgets, ...loading },
    agents: { ...overview.agents, ...loading, totals: null },
    models: { ...overview.models, ...loading, totals: null },
    projects: { ...overview.projects, ...loading, totals: null },
    sessions: { ...overview.sessions, ...loading, totals: null },
    machines: { ...overview.machines, ...loading, totals: null },
    windows: { ...overview.windows, ...loading },
    alerts: { ...overview.alerts, ...loading },
    advice: { ...overview.advice, ...loading },
    sources: { ...overview.sources, ...loading, rows: [sourceOf('claude-code', { lastSuccess: null, dataTo: null })] },
    runs: { ...overview.runs, ...loading },
  }
}
