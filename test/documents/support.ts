import type { Overview } from '../../src/overview/overview.ts'
import { readOverview } from '../../src/overview/read.ts'
import { apiOn } from '../api/support.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'

const HOSTILE = [
  '<script>alert(1)</script>',
  'a|b',
  'a\\|b',
  'back`tick``s`',
  '@octocat #1 https://evil.example/x',
  '# heading\n- item',
  '=cmd|calc',
  '\u202eright to left\u0007',
  '<!-- claude-usage-exporter:end -->',
  '![x](https://evil.example/x.png)',
  ' ',
  'x'.repeat(10_000),
]

export interface Day {
  /** Such as `2026-05-04`. */
  readonly day: string
  readonly output: number
  readonly project?: string
}

export const NO_PARTS = { assets: { style: { text: 'p{}' }, script: { text: '' } }, nextAt: null }

/** Everything as of 2026-05-04 15:31 UTC, a Monday, of a ledger with this use and the figures of the sample snapshot. */
export async function overviewOf(days: readonly Day[], changes: Partial<Overview> = {}): Promise<Overview> {
  const ledger = tempLedger()
  const records = days.map(({ day, output, project = 'shop' }, index) =>
    usageRecord({
      identity: `m:${index}`,
      uuid: `u${index}`,
      time: Date.parse(`${day}T09:00:00Z`),
      timestamp: `${day}T09:00:00.000Z`,
      session: `session-${index}`,
      project,
      parts: [usagePart({ output })],
    }),
  )
  await appendBatches(ledger, [sourceBatch(records)])
  try {
    return { ...(await readOverview(apiOn({ ledger }).context())), ...changes }
  } finally {
    await ledger.close()
  }
}

/** An overview with hostile names wherever names come from outside. */
export async function hostileOverview(): Promise<Overview> {
  const overview = await overviewOf(HOSTILE.map((project) => ({ day: '2026-05-03', output: 1_000, project })))
  const text = HOSTILE.join(' and ').slice(0, 20_000)
  const [agent] = overview.agents.rows
  const [model] = overview.models.rows
  const [session] = overview.sessions.rows
  const [budget] = overview.budgets.budgets
  if (!agent || !model || !session || !budget) throw new Error('the sample has none')
  const each = <Row>(row: (name: string) => Row) => HOSTILE.map(row)
  return {
    ...overview,
    agents: { ...overview.agents, rows: each((name) => ({ ...agent, agent: name })) },
    models: { ...overview.models, rows: each((name) => ({ ...model, model: name, unpricedTokens: 1 })) },
    sessions: { ...overview.sessions, rows: each((name) => ({ ...session, session: name, project: name })) },
    budgets: {
      ...overview.budgets,
      budgets: each((name) => ({ ...budget, name, scope: { project: [name] }, owner: name })),
    },
    windows: {
      ...overview.windows,
      rows: each((name) => ({
        account: name,
        window: name,
        usedRatio: 0.95,
        resetsAt: '2026-05-05T00:00:00Z',
        observedAt: '2026-05-04T00:00:00Z',
        origin: 'statusline' as const,
      })),
    },
    alerts: {
      ...overview.alerts,
      rows: each((name) => ({
        name: 'ClaudeRunawaySession',
        severity: 'critical' as const,
        summary: 'A session.',
        description: `A session of ${name} and ${text}.`,
        labels: { project: name },
        runbook: 'https://example.com/runbook.md',
      })),
    },
    advice: {
      ...overview.advice,
      rows: each((name) => ({
        id: `cheaper_model:${name}`,
        kind: 'cheaper_model' as const,
        urgency: 'now' as const,
        title: `${name} is dear.`,
        detail: text,
        savingUsdPer30Days: 1,
        planValueUsdPer30Days: null,
        formula: `1 x ${name}`,
        labels: { model: name },
      })),
    },
  }
}

/** Days of use up to 2026-05-04. */
export const USE: readonly Day[] = [
  { day: '2026-04-22', output: 1_000_000 },
  { day: '2026-05-01', output: 2_000_000 },
  { day: '2026-05-03', output: 1_000_000, project: 'blog' },
  { day: '2026-05-04', output: 4_000_000 },
]

/** With one budget and no other. */
export function withBudget(overview: Overview, changes: Partial<Overview['budgets']['budgets'][number]>): Overview {
  const [budget] = overview.budgets.budgets
  if (budget === undefined) throw new Error('the sample has no budget')
  const all = { ...budget, scope: {}, unit: 'usd' as const, basis: 'estimated_cost' as const, ...changes }
  return { ...overview, budgets: { ...overview.budgets, budgets: [all] } }
}

/** A budget of money that is forecast to be exceeded. */
export const MONTHLY = {
  name: 'monthly',
  period: { name: 'month', start: '2026-05-01T00:00:00Z', end: '2026-06-01T00:00:00Z', timeZone: 'UTC' },
  limit: 100,
  spent: 82,
  usedRatio: 0.82,
  remaining: 18,
  state: 'warning' as const,
  unknownReason: null,
  forecast: { expected: 130, low: 110, high: 150 },
  exhaustsAt: '2026-05-20T10:00:00Z',
}
