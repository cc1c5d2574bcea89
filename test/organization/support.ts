import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { BucketWidth, Generation } from '../../src/core/organization.ts'
import type { SyncRun } from '../../src/core/sync-run.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { OrganizationSync } from '../../src/ingest/organization/run.ts'
import type { SyncRequest } from '../../src/ingest/organization/sync-options.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createAdminApi } from '../../src/sources/admin-api/create-admin-api.ts'
import { reach } from '../../src/sources/admin-api/reach.ts'
import { OrganizationView } from '../../src/view/organization-view.ts'
import { type OrganizationApi, startOrganizationApi } from '../support/organization-api/server.ts'
import { createTruth, type TruthRecord } from '../support/organization-api/truth.ts'
import { sumTruth } from '../support/organization-api/truth-sums.ts'
import { tempFolder, tempLedger } from '../support/temp.ts'

export const KEY = 'sk-ant-admin01-test-0123456789abcdef'
const MINUTE_MS = 60_000

export interface WorldOptions {
  /** Epoch milliseconds. */
  readonly now: number
  readonly days: number
  readonly generation?: Generation | 'auto'
  readonly width?: BucketWidth
  readonly pageSize?: number
  readonly limitMs?: number
  readonly retries?: number
}

/** The test server, a client, the ledger and the view, all at one time of day. */
export interface World {
  readonly api: OrganizationApi
  readonly ledger: Ledger
  readonly path: string
  readonly log: () => string
  now: number
  run(request?: Partial<SyncRequest>, signal?: AbortSignal): Promise<SyncRun>
  /** As after a restart: nothing remembered but the ledger. */
  restart(): void
  view(): Promise<ReturnType<OrganizationView['part']>>
}

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

export async function createWorld(options: WorldOptions): Promise<World> {
  const { now, days, generation = 'analytics', width = '1h', pageSize = 0 } = options
  const today = Math.floor(now / DAY_MS) * DAY_MS
  const truth = createTruth({ seed: 7, from: today - (days - 1) * DAY_MS, days })
  // What has not happened yet is not there.
  truth.remove((record) => record.start + 60 * MINUTE_MS > now - 5 * MINUTE_MS)
  const api = await startOrganizationApi({
    truth,
    keys: { [KEY]: { kind: 'admin' } },
    now,
    analyticsDelayMs: 5 * MINUTE_MS,
  })
  const path = join(tempFolder(), 'ledger.sqlite')
  const ledger = tempLedger(path)
  let log = ''
  const logger = createLogger({ level: 'debug', format: 'json', write: (line) => (log += line) })
  const create = (world: { now: number }) =>
    new OrganizationSync({
      api: createAdminApi({
        organization: 'default',
        credential: { kind: 'key', key: KEY },
        baseUrl: api.url,
        api: generation,
        pageSize,
        requestsPerMinute: 0,
        requestTimeoutMs: 30_000,
        version: '0.0.0',
        now: () => world.now,
      }),
      ledger,
      reach,
      settings: {
        usageWidth: width,
        costWidth: width === '1m' ? '1h' : width,
        historyMs: 31 * DAY_MS,
        limitMs: options.limitMs ?? 60_000,
        retries: options.retries ?? 0,
      },
      now: () => world.now,
      random: () => 0,
      sleep: async () => {},
      events: { started: () => {}, finished: () => {}, changed: () => {} },
      logger,
    })
  const world: World = {
    api,
    ledger,
    path,
    log: () => log,
    now,
    run: (request = {}, signal = new AbortController().signal) => {
      api.setNow(world.now)
      return sync.run({ report: 'usage', cause: 'command', ...request }, signal)
    },
    restart: () => {
      sync = create(world)
    },
    async view() {
      const view = new OrganizationView({ now: () => world.now, settleAfterMs: 3 * DAY_MS })
      await view.refresh(ledger)
      return view.part()
    },
  }
  let sync = create(world)
  open.push(async () => {
    await api.close()
    await ledger.close()
  })
  return world
}

/** What the ledger holds of a range, in the measures of the truth. */
export async function storedUsage({ ledger }: World, from: number, to: number) {
  const [sum] = await ledger.apiUsage({ from, to, by: [] })
  return {
    tokens: {
      input: sum?.input ?? 0n,
      cacheWrite5m: sum?.cacheWrite5m ?? 0n,
      cacheWrite1h: sum?.cacheWrite1h ?? 0n,
      cacheRead: sum?.cacheRead ?? 0n,
      output: sum?.output ?? 0n,
    },
    webSearches: sum?.webSearches ?? 0n,
  }
}

export async function storedCost({ ledger }: World, from: number, to: number): Promise<bigint> {
  const [sum] = await ledger.billedCost({ from, to, by: [] })
  return sum?.amountPico ?? 0n
}

export function trueUsage({ api }: World, from: number, to: number, match?: (record: TruthRecord) => boolean) {
  const { tokens, webSearches } = sumTruth(api.truth, { from, to }, match)
  return { tokens, webSearches }
}

export function trueCost({ api }: World, from: number, to: number, match?: (record: TruthRecord) => boolean): bigint {
  return sumTruth(api.truth, { from, to }, match).amountPico
}
