import { DAY_MS } from '../core/time.ts'
import type { Pricing } from '../pricing/pricing.ts'
import type { Books } from './organization/books.ts'
import { BUDGET_DAYS, demoBudgets } from './settings/budgets.ts'
import { DEMO_OWNERS } from './settings/owners.ts'
import { demoAlerts, RUNAWAY_WITHIN_MS } from './settings/thresholds.ts'
import { demoTopUps, TOP_UP_DAYS } from './settings/top-ups.ts'
import { PLAN_SOURCES, usesBetween } from './settings/use.ts'
import type { DemoWorld } from './world.ts'

const ORGANIZATION = 'demo'
const PROJECT_ALIASES: Readonly<Record<string, string>> = { 'shop-frontend': 'shop' }

/** Longer than the bill takes to be complete. */
const SETTLE_AFTER = '2d'
/** `admin_api.history`, days. */
const HISTORY_DAYS = { least: 31, most: 365 }

interface DemoSettingsOptions {
  readonly world: DemoWorld
  readonly books: Books
  /** Epoch milliseconds. */
  readonly now: number
  readonly pricing: Pricing
  /** IANA name. */
  readonly timeZone: string
}

/**
 * The content of a configuration file for the demo, in which limits follow from what the world uses. Where to listen and
 * where to store is not in it. The organisation has the name of a login profile in place of a secret: its API is handed
 * in, so that nobody looks for the profile.
 */
export function demoSettings({ world, books, now, pricing, timeZone }: DemoSettingsOptions): object {
  const since = Math.max(world.from, now - BUDGET_DAYS * DAY_MS)
  const billedSince = Math.max(world.from, Math.floor(now / DAY_MS - TOP_UP_DAYS) * DAY_MS)
  const costs = books.bill(billedSince, now, now).map(({ start, ...row }) => ({ ...row, time: start }))
  const historyDays = Math.ceil((now - Math.floor(world.from / DAY_MS) * DAY_MS) / DAY_MS)
  const every = (interval: string) => ({ every: interval, jitter: '5s' })
  return {
    time_zone: timeZone,
    sources: Object.fromEntries(PLAN_SOURCES.map((source) => [source, { billing: 'plan' }])),
    projects: { aliases: PROJECT_ALIASES },
    admin_api: {
      organization: ORGANIZATION,
      profile: ORGANIZATION,
      api: 'analytics',
      history: `${Math.min(Math.max(historyDays, HISTORY_DAYS.least), HISTORY_DAYS.most)}d`,
      settle_after: SETTLE_AFTER,
      usage: every('2m'),
      cost: every('5m'),
      directory: every('10m'),
      claude_code: { enabled: true, ...every('10m') },
    },
    budgets: demoBudgets({
      now,
      timeZone,
      uses: usesBetween(world, pricing, since, now),
      soon: usesBetween(world, pricing, now, now + RUNAWAY_WITHIN_MS),
      requests: books.requestsBetween(Math.max(world.from, now - 7 * DAY_MS), now),
      costs,
      organization: ORGANIZATION,
      projectName: (project) => PROJECT_ALIASES[project] ?? project,
    }),
    owners: DEMO_OWNERS,
    balance: { top_ups: demoTopUps(costs, ORGANIZATION, world.from, now) },
    alerts: demoAlerts(world, now),
  }
}
