import { WIDTH_MS } from '../../core/organization.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/time.ts'
import type { Pricing } from '../../pricing/pricing.ts'
import type { AdminApi } from '../../sources/admin-api/admin-api.ts'
import type { DemoWorld } from '../world.ts'
import type { Books } from './books.ts'
import { claudeCodeRows } from './claude-code.ts'
import { billedUntil } from './costs.ts'
import { directoryAt } from './directory.ts'
import { answer, readPages } from './pages.ts'
import { billedRows, usageRows } from './rows.ts'

/** How long usage, and the Claude Code report, are behind what happens. */
const USAGE_DELAY_MS = 5 * MINUTE_MS
const CLAUDE_CODE_DELAY_MS = HOUR_MS

interface DemoAdminApiOptions {
  /** Name from the configuration. */
  readonly organization: string
  readonly world: DemoWorld
  readonly books: Books
  /** What the provider charges. */
  readonly pricing: Pricing
  /** Epoch milliseconds. */
  readonly now: () => number
}

/**
 * The organisation of the demo, without a network: what the world is billed for, what stands in no log, and the bill of
 * both. It follows from world and time alone. Analytics endpoints only.
 */
export function createDemoAdminApi({ organization, world, books, pricing, now }: DemoAdminApiOptions): AdminApi {
  return {
    organization,
    credentialMark: async () => 'demo',

    async chooseGeneration(_report, events, signal) {
      await answer(events, signal, () => [])
      return 'analytics'
    },

    async readUsage(query, events, signal) {
      const at = now()
      const refreshedAt = Math.floor((at - USAGE_DELAY_MS) / MINUTE_MS) * MINUTE_MS
      const rows = await readPages(query, at, events, signal, (from, to) =>
        usageRows(books.requestsBetween(from, Math.min(to, refreshedAt)), WIDTH_MS[query.width]),
      )
      return { rows, completeTo: completeTo(query, refreshedAt) }
    },

    async readCost(query, events, signal) {
      const at = now()
      const rows = await readPages(query, at, events, signal, (from, to) =>
        billedRows(books.bill(from, to, at), WIDTH_MS[query.width]),
      )
      return { rows, completeTo: completeTo(query, billedUntil(at)) }
    },

    async readClaudeCode(day, events, signal) {
      const to = Math.min(day + DAY_MS, Math.max(day, now() - CLAUDE_CODE_DELAY_MS))
      const rows = await answer(events, signal, () => claudeCodeRows(world.callsBetween(day, to), day, pricing))
      return { rows, completeTo: to }
    },

    async readDirectory(events, signal) {
      signal.throwIfAborted()
      events.request()
      const directory = await directoryAt(books.bill, world.from, now())
      signal.throwIfAborted()
      const { workspaces, apiKeys, rateLimits, spendLimits } = directory
      events.page(workspaces.length + apiKeys.length + rateLimits.length + (spendLimits?.length ?? 0))
      return directory
    },
  }
}

/** Nothing is known of a range that has only just begun. */
function completeTo({ from, to }: { readonly from: number; readonly to: number }, refreshedAt: number): number {
  return Math.min(to, Math.max(from, refreshedAt))
}
