import { setImmediate as nextTurn } from 'node:timers/promises'
import { PICO_PER_USD } from '../../core/money.ts'
import type { Directory, RateLimit, SpendLimit } from '../../core/organization.ts'
import { DAY_MS } from '../../core/time.ts'
import { plausibleBetween } from '../plausible.ts'
import type { Bill } from './bill.ts'
import { KEY_NAMES, WORKSPACE_NAMES, WORKSPACES } from './names.ts'

const ORGANIZATION = { id: '0de30000-0000-4000-8000-000000000001', name: 'Demo organisation' }

/** Limits of a month as percent of what the first weeks of the world come to in a month: use has grown since. */
const FIRST_DAYS = 28
const MONTH_DAYS = 31
const ROOM_PERCENT = { least: 170, most: 210 }

const RATE_LIMITS: readonly RateLimit[] = [
  ...['Claude Opus 5.x', 'Claude Sonnet 5.x'].flatMap((group) => [
    limitOf(group, 'requests_per_minute', 4_000),
    limitOf(group, 'input_tokens_per_minute_cache_aware', 2_000_000),
    limitOf(group, 'output_tokens_per_minute', 400_000),
  ]),
  limitOf('Claude Haiku 5.x', 'requests_per_minute', 4_000),
  limitOf('batch', 'requests_per_minute', 1_000),
]

/** Names and limits as they are at `now`. `since`: when the world begins. Epoch milliseconds. */
export async function directoryAt(bill: Bill, since: number, now: number): Promise<Directory> {
  return {
    ...ORGANIZATION,
    workspaces: WORKSPACE_NAMES,
    apiKeys: KEY_NAMES,
    rateLimits: RATE_LIMITS,
    spendLimits: await spendLimits(bill, since, now),
  }
}

async function spendLimits(bill: Bill, since: number, now: number): Promise<SpendLimit[]> {
  const date = new Date(now)
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
  const first = Math.floor(since / DAY_MS) * DAY_MS
  const usual = await sumsOf(bill, first, first + FIRST_DAYS * DAY_MS, now)
  const spent = await sumsOf(bill, month, now, now)
  const monthly = { period: 'monthly', limitPico: null, spentPico: null }
  const limits: SpendLimit[] = [
    { id: 'spl_01DemoOrganization', scope: 'organization', scopeId: 'none', ...monthly },
    { id: 'spl_01DemoProduction', scope: 'workspace', scopeId: WORKSPACES.production, ...monthly },
  ]
  return limits.map((limit) => ({ ...limit, limitPico: room(usual, limit), spentPico: total(spent, limit) }))
}

/** Pico-dollars on the bill by workspace. */
type BillSums = ReadonlyMap<string, bigint>

/** Day by day, so that other work gets a turn in between. */
async function sumsOf(bill: Bill, from: number, to: number, now: number): Promise<BillSums> {
  const sums = new Map<string, bigint>()
  for (let day = from; day < to; day += DAY_MS) {
    for (const { workspaceId, amountPico } of bill(day, Math.min(to, day + DAY_MS), now)) {
      sums.set(workspaceId, (sums.get(workspaceId) ?? 0n) + amountPico)
    }
    await nextTurn()
  }
  return sums
}

function room(usual: BillSums, limit: SpendLimit): bigint {
  const month = total(usual, limit) * BigInt(MONTH_DAYS)
  const share = (percent: number) => (month * BigInt(percent)) / BigInt(FIRST_DAYS * 100)
  const least = share(ROOM_PERCENT.least)
  return least < PICO_PER_USD ? PICO_PER_USD : plausibleBetween(least, share(ROOM_PERCENT.most))
}

function total(sums: BillSums, { scope, scopeId }: SpendLimit): bigint {
  if (scope === 'workspace') return sums.get(scopeId) ?? 0n
  return [...sums.values()].reduce((sum, pico) => sum + pico, 0n)
}

function limitOf(group: string, limiter: string, value: number): RateLimit {
  return { workspaceId: 'none', group, limiter, value }
}
