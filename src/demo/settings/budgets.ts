import { periodAt } from '../../budgets/period.ts'
import type { Period, PeriodRule } from '../../core/budget.ts'
import { isoDate } from '../../core/period.ts'
import { DAY_MS } from '../../core/time.ts'
import { WORKSPACES } from '../organization/names.ts'
import type { DemoRequest } from '../organization/requests.ts'
import { limitTokens, limitUsd } from './limits.ts'
import { advancedMonth, advancedWeek, day, periodKeys, rolling } from './periods.ts'
import { type Billed, dearest, sumOf, type Use } from './use.ts'

interface DemoUse {
  /** Epoch milliseconds. */
  readonly now: number
  readonly timeZone: string
  /** Of the agents, of the last `BUDGET_DAYS`. */
  readonly uses: readonly Use[]
  /** Of the agents, in the next hours. */
  readonly soon: readonly Use[]
  /** Of the organisation, of the last 7 days. */
  readonly requests: readonly DemoRequest[]
  /** Of the organisation, of the last 30 days. */
  readonly costs: readonly Billed[]
  readonly organization: string
  /** How a project is shown. */
  readonly projectName: (project: string) => string
}

/** The longest month, with a day to spare for the clock. */
export const BUDGET_DAYS = 32

/** Budgets in every state there is, whenever the demo begins. */
export function demoBudgets(use: DemoUse): object[] {
  const { now, timeZone, uses, organization } = use
  const month = advancedMonth(now, timeZone)
  const metered = uses.filter(({ isMetered }) => isMetered)
  return [
    ...monthly(metered, month, now),
    daily(metered, day(timeZone), now),
    {
      name: 'weekly-tokens',
      ...limitTokens(
        spent(uses, advancedWeek(now, timeZone), now, ({ countedTokens }) => countedTokens),
        {
          least: 45,
          most: 60,
        },
      ),
      ...periodKeys(advancedWeek(now, timeZone)),
    },
    ...project(metered, month, use),
    {
      name: 'claude-code-7d',
      ...limitUsd(
        spent(metered, rolling(7), now, ({ source, pico }) => (source === 'claude-code' ? pico : 0n)),
        { least: 78, most: 85 },
      ),
      ...periodKeys(rolling(7)),
      scope: { source: 'claude-code' },
      severity: 'warning',
    },
    ...agent(metered, month, use),
    {
      name: 'plan-value',
      ...limitUsd(
        spent(uses, rolling(7), now, ({ isMetered, pico }) => (isMetered ? 0n : pico)),
        { least: 30, most: 50 },
      ),
      basis: 'plan_value',
      ...periodKeys(rolling(7)),
      severity: 'warning',
    },
    {
      name: 'production-bill',
      ...limitUsd(productionBill(use, rolling(30)), { least: 92, most: 95 }),
      basis: 'billed_cost',
      ...periodKeys(rolling(30)),
      scope: { organization, workspace: WORKSPACES.production },
      owner: 'production',
    },
    {
      name: 'organisation-tokens',
      ...limitTokens(apiTokens(use, advancedWeek(now, 'UTC')), { least: 50, most: 65 }),
      basis: 'api_tokens',
      ...periodKeys(advancedWeek(now, 'UTC')),
      scope: { organization },
    },
    // The bill is complete to a whole hour, three to four hours ago: for half of every hour that is too old for this one.
    {
      name: 'production-bill-by-the-hour',
      ...limitUsd(productionBill(use, rolling(1)), { least: 50, most: 65 }),
      basis: 'billed_cost',
      ...periodKeys(rolling(1)),
      scope: { organization, workspace: WORKSPACES.production },
      max_data_age: '210m',
      severity: 'warning',
    },
  ]
}

/** Its limit was raised when the present period began. */
function monthly(metered: readonly Use[], month: PeriodRule, now: number): object[] {
  const { start } = periodAt(month, now)
  const pico = spent(metered, month, now, (use) => use.pico)
  const budget = { name: 'monthly', ...periodKeys(month), owner: 'platform' }
  return [
    { ...budget, ...limitUsd(pico, { least: 95, most: 105 }), until: isoDate(start - DAY_MS / 2, month.timeZone) },
    { ...budget, ...limitUsd(pico, { least: 77, most: 83 }), since: isoDate(start, month.timeZone) },
  ]
}

/** Enough for today as far as it has come and for the usual rest of it. */
function daily(metered: readonly Use[], rule: PeriodRule, now: number): object {
  const period = periodAt(rule, now)
  const weeks = { start: now - 28 * DAY_MS, end: now }
  const rest = (sumOf(metered, weeks, ({ pico }) => pico) * BigInt(period.end - now)) / BigInt(28 * DAY_MS)
  const expected = spent(metered, rule, now, ({ pico }) => pico) + rest
  return { name: 'daily', ...limitUsd(expected, { least: 75, most: 85 }), ...periodKeys(rule) }
}

/** The dearest project has passed its limit. */
function project(metered: readonly Use[], month: PeriodRule, { now, projectName }: DemoUse): object[] {
  const name = dearest(within(metered, periodAt(month, now), now), (use) => use.project)
  if (name === null) return []
  const pico = spent(metered, month, now, (use) => (use.project === name ? use.pico : 0n))
  const shown = projectName(name)
  return [
    {
      name: `project-${shown}`,
      ...limitUsd(pico, { least: 108, most: 120 }),
      ...periodKeys(month),
      scope: { project: shown },
      owner: shown,
    },
  ]
}

/** Of the agent that is about to spend most, so that the budget can be seen to go. */
function agent(metered: readonly Use[], month: PeriodRule, { now, soon }: DemoUse): object[] {
  const nameOf = ({ source, agent: name }: Use) => (source === 'openclaw' ? name : null)
  const name = dearest(soon, nameOf) ?? dearest(metered, nameOf)
  if (name === null) return []
  const isOf = (use: Use) => use.source === 'openclaw' && use.agent === name
  const pico = spent(metered, month, now, (use) => (isOf(use) ? use.pico : 0n))
  return [
    {
      name: `agent-${name}`,
      ...limitUsd(pico, { least: 55, most: 70 }),
      ...periodKeys(month),
      scope: { source: 'openclaw', agent: name },
    },
  ]
}

function productionBill({ costs, now }: DemoUse, rule: PeriodRule): bigint {
  const isOf = ({ workspaceId }: Billed) => workspaceId === WORKSPACES.production
  return sumOf(costs, sofar(rule, now), (cost) => (isOf(cost) ? cost.amountPico : 0n))
}

function apiTokens({ requests, now }: DemoUse, rule: PeriodRule): bigint {
  return sumOf(requests, sofar(rule, now), ({ tokens }) =>
    BigInt(tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.output),
  )
}

function spent(uses: readonly Use[], rule: PeriodRule, now: number, amount: (use: Use) => bigint): bigint {
  return sumOf(uses, sofar(rule, now), amount)
}

function within(uses: readonly Use[], { start }: Period, now: number): readonly Use[] {
  return uses.filter(({ time }) => start <= time && time < now)
}

function sofar(rule: PeriodRule, now: number): Period {
  return { start: periodAt(rule, now).start, end: now }
}
