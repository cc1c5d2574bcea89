import type { BucketWidth } from '../../src/core/organization.ts'
import { DAY_MS, MINUTE_MS } from '../../src/core/time.ts'
import { createBooks } from '../../src/demo/organization/books.ts'
import { createDemoAdminApi } from '../../src/demo/organization/demo-admin-api.ts'
import type { DemoCall, DemoWorld } from '../../src/demo/world.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import type { AdminApi } from '../../src/sources/admin-api/admin-api.ts'

export const pricing = createPricing()
export const never = new AbortController().signal
export const quiet = { request: () => {}, page: () => {} }

export const WEB = { workspaceId: 'wrkspc_demo_web', apiKeyId: 'apikey_demo_web' }

/** A call of an attended session of Claude Code with Opus 5.5, billed to the web team. */
export function callAt(time: number, more: Partial<DemoCall> = {}): DemoCall {
  return {
    time,
    source: 'claude-code',
    agent: null,
    project: 'shop-frontend',
    provider: 'anthropic',
    model: 'claude-opus-5-5',
    session: `session ${Math.floor(time / (3 * 60 * MINUTE_MS))}`,
    id: `call ${time} ${more.session ?? ''}`,
    tokens: { input: 1_203, cacheWrite5m: 401, cacheWrite1h: 2_007, cacheRead: 40_013, output: 907 },
    webSearches: 0,
    followsHuman: true,
    billedTo: WEB,
    ...more,
  }
}

/** Calls by index, one every so many milliseconds, for ever. */
export function steadyWorld(
  from: number,
  everyMs: number,
  callOf: (time: number, index: number) => DemoCall,
): DemoWorld {
  return {
    from,
    callsBetween(start, end) {
      const calls: DemoCall[] = []
      for (let index = Math.max(0, Math.ceil((start - from) / everyMs)); from + index * everyMs < end; index++) {
        calls.push(callOf(from + index * everyMs, index))
      }
      return calls
    },
  }
}

/** A world in which nobody does anything. */
export function emptyWorld(from: number): DemoWorld {
  return { from, callsBetween: () => [] }
}

/** Of the calls, every third is an agent's with a web search, every seventh is covered by a plan. */
export function mixedWorld(from: number, everyMs: number): DemoWorld {
  return steadyWorld(from, everyMs, (time, index) => {
    if (index % 7 === 0) {
      return callAt(time, { source: 'pi', session: `pi ${index}`, project: 'research-notes', billedTo: null })
    }
    if (index % 3 !== 0) return callAt(time)
    return callAt(time, {
      source: 'openclaw',
      agent: 'reviewer',
      session: `review ${Math.floor(index / 30)}`,
      project: 'payments-api',
      model: 'claude-sonnet-5-5',
      webSearches: index % 2,
      followsHuman: false,
      billedTo: { workspaceId: 'wrkspc_demo_agents', apiKeyId: 'apikey_demo_agents' },
    })
  })
}

export function apiOf(world: DemoWorld, now: number | (() => number)): AdminApi {
  const clock = typeof now === 'number' ? () => now : now
  return createDemoAdminApi({ organization: 'demo', world, books: createBooks(world, pricing), pricing, now: clock })
}

const query = (width: BucketWidth, from: number, to: number) => ({ generation: 'analytics', width, from, to }) as const

export async function usageOf(api: AdminApi, width: BucketWidth, from: number, to: number) {
  return api.readUsage(query(width, from, to), quiet, never)
}

export async function costOf(api: AdminApi, width: BucketWidth, from: number, to: number) {
  return api.readCost(query(width, from, to), quiet, never)
}

/** All rows of as many weeks as it takes. */
export async function inWeeks<Row>(
  read: (from: number, to: number) => Promise<{ readonly rows: readonly Row[] }>,
  from: number,
  to: number,
): Promise<Row[]> {
  const rows: Row[] = []
  for (let start = from; start < to; start += 7 * DAY_MS) {
    rows.push(...(await read(start, Math.min(to, start + 7 * DAY_MS))).rows)
  }
  return rows
}
