import type { Config } from './config/config.ts'
import { type OrganizationSettings, organizationsOf } from './config/organizations.ts'
import { OperatorError } from './core/errors.ts'
import { apiSource, REPORTS, type Report } from './core/organization.ts'
import type { SyncCause, SyncRun } from './core/sync-run.ts'
import { OrganizationSync } from './ingest/organization/run.ts'
import type { SyncRequest } from './ingest/organization/sync-options.ts'
import { leaseKeeper } from './leases.ts'
import { type Ledger, LedgerError } from './ledger/ledger.ts'
import type { Clock } from './lib/clock.ts'
import type { Logger } from './lib/logger.ts'
import { VERSION } from './lib/version.ts'
import type { Health } from './metrics/health.ts'
import { parseActiveHours } from './schedule/active-hours.ts'
import type { Job, Schedule } from './schedule/schedule.ts'
import type { AdminApi } from './sources/admin-api/admin-api.ts'
import { createAdminApi } from './sources/admin-api/create-admin-api.ts'
import type { Credential } from './sources/admin-api/credential.ts'
import { reach } from './sources/admin-api/reach.ts'

/** Wait for the beginning of one answer; the run's own limit covers the rest. */
const REQUEST_TIMEOUT_MS = 30_000
/** A run may be at its limit and one more under way when the lease is looked at again. */
const LEASE_MARGIN_MS = 60_000

export type OrganizationHealth = Pick<Health, 'syncStarted' | 'syncFinished' | 'syncFailed' | 'apiRequests'>

export interface OrganizationsOptions {
  readonly config: Config
  readonly env: Readonly<Record<string, string | undefined>>
  readonly ledger: Ledger
  readonly clock: Clock
  readonly logger: Logger
  readonly health: OrganizationHealth
  /** Something of an organisation in the ledger, or in the run log, has changed. */
  readonly changed: () => void
  /** Takes the place of the provider's API, given an organisation's name. */
  readonly adminApi?: ((organization: string) => AdminApi) | undefined
}

interface Organization {
  readonly name: string
  readonly sync: OrganizationSync
}

/** Every organisation with a credential: when its reports are read, and reading them now. */
export class Organizations {
  readonly #options: OrganizationsOptions
  readonly #organizations: readonly Organization[]
  readonly #stopping = new AbortController()
  readonly #running = new Set<Promise<unknown>>()
  readonly #isMine: () => Promise<boolean>
  #schedule: Schedule | undefined

  constructor(options: OrganizationsOptions) {
    this.#options = options
    const leaseMs = options.config.adminApi.runLimitMs + LEASE_MARGIN_MS
    this.#isMine = leaseKeeper(options.ledger, 'organizations', 2 * leaseMs)
    this.#organizations = organizationsOf(options.config).map((settings) => ({
      name: settings.name,
      sync: this.#createSync(settings),
    }))
  }

  /** Begins to read by the clock. */
  async start(): Promise<void> {
    if (this.#organizations.length === 0 || this.#stopping.signal.aborted) return
    const { config, clock, logger, ledger } = this.#options
    const jobs: Job[] = []
    logger.info('reading organisations', {
      organizations: this.names.join(', '),
      reports: enabledReports(config).join(', '),
    })
    for (const { name, sync } of this.#organizations) {
      for (const report of enabledReports(config)) {
        const source = apiSource(name, report)
        // One that failed or was cut off is made up at once: what was in its way may be gone.
        const [last] = await unlessAway(ledger.runs({ source, result: 'ok', limit: 1 }), [])
        jobs.push({
          name: source,
          schedule: scheduleOf(config, report),
          lastStartedAt: last?.startedAt ?? null,
          run: async (cause) => {
            if (!(await this.#mayRead(source))) return
            await this.#track(sync.runScheduled({ report, cause }, this.#stopping.signal))
          },
        })
      }
    }
    // node-cron takes long to load, and most machines have no organisation to read.
    const { startSchedule } = await import('./schedule/schedule.ts')
    if (this.#stopping.signal.aborted) return
    this.#schedule = startSchedule(jobs, { now: () => clock.now(), random: Math.random, logger })
  }

  /** Reads a report of every organisation now. Never rejects for what the API does; the runs tell. */
  async run(request: SyncRequest): Promise<readonly SyncRun[]> {
    return Promise.all(this.#organizations.map(({ sync }) => this.#track(sync.run(request, this.#stopping.signal))))
  }

  /** Reads one source, named as in the `source` label, now; nothing where there is none of that name. Never rejects. */
  async read(source: string, cause: SyncCause): Promise<void> {
    for (const { name, sync } of this.#organizations) {
      const report = enabledReports(this.#options.config).find((one) => apiSource(name, one) === source)
      if (report !== undefined) await this.#track(sync.run({ report, cause }, this.#stopping.signal))
    }
  }

  get names(): readonly string[] {
    return this.#organizations.map(({ name }) => name)
  }

  /** When each source is read next, epoch milliseconds. */
  nextRuns(): readonly (readonly [source: string, at: number])[] {
    return apiSources(this.#options.config).flatMap((source) => {
      const at = this.#schedule?.next(source) ?? null
      return at === null ? [] : [[source, at] as const]
    })
  }

  async stop(): Promise<void> {
    this.#schedule?.stop()
    this.#stopping.abort()
    await Promise.allSettled(this.#running)
  }

  /** Without its ledger nothing can be read, which others tell of. Rejects with LedgerError for all else. */
  async #mayRead(source: string): Promise<boolean> {
    const isMine = await unlessAway<boolean | null>(this.#isMine(), null)
    if (isMine === false) this.#options.logger.debug('another machine reads this organisation', { source })
    return isMine === true
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work)
    try {
      return await work
    } finally {
      this.#running.delete(work)
    }
  }

  #createSync(settings: OrganizationSettings): OrganizationSync {
    const { config, clock, ledger, health, logger, changed } = this.#options
    const { adminApi } = config
    return new OrganizationSync({
      api: this.#options.adminApi?.(settings.name) ?? this.#createApi(settings),
      ledger,
      reach,
      settings: {
        usageWidth: adminApi.usage.bucketWidth,
        costWidth: adminApi.cost.bucketWidth,
        historyMs: adminApi.historyMs,
        limitMs: adminApi.runLimitMs,
        retries: adminApi.retries,
      },
      now: () => clock.now(),
      events: {
        started: (source) => health.syncStarted(source),
        finished: (run) => {
          tellOutcome(run, health)
          health.apiRequests(settings.name, run.requests)
          changed()
        },
        changed,
      },
      logger: logger.child({ organization: settings.name }),
    })
  }

  #createApi(settings: OrganizationSettings): AdminApi {
    const { config, clock } = this.#options
    return createAdminApi({
      organization: settings.name,
      credential: this.#credentialOf(settings),
      baseUrl: settings.baseUrl,
      api: settings.api,
      pageSize: config.adminApi.pageSize,
      requestsPerMinute: config.adminApi.requestsPerMinute,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      version: VERSION,
      now: () => clock.now(),
    })
  }

  #credentialOf({ name, credential }: OrganizationSettings): Credential {
    if (credential.kind !== 'key_variable') return credential
    const key = this.#options.env[credential.variable]
    if (key) return { kind: 'key', key }
    throw new OperatorError(`The key of organisation "${name}" is missing`, {
      seen: `environment variable ${credential.variable} is not set`,
      fix: `Set ${credential.variable}, or name another key_variable or a key_file in admin_api.organizations.`,
    })
  }
}

/** Names of the sources that the configuration asks to read, as in the `source` label. */
export function apiSources(config: Config): string[] {
  return organizationsOf(config).flatMap(({ name }) => enabledReports(config).map((report) => apiSource(name, report)))
}

async function unlessAway<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof LedgerError && error.failure === 'away') return otherwise
    throw error
  }
}

function enabledReports({ adminApi }: Config): Report[] {
  const settings = { usage: adminApi.usage, cost: adminApi.cost, directory: adminApi.directory }
  return REPORTS.filter((report) => (report === 'claude-code' ? adminApi.claudeCode.enabled : settings[report].enabled))
}

function scheduleOf({ adminApi, timeZone }: Config, report: Report): Job['schedule'] {
  const settings = report === 'claude-code' ? adminApi.claudeCode : adminApi[report]
  return {
    every: settings.everyMs,
    cron: settings.cron,
    timeZone: settings.timeZone === '' ? timeZone : settings.timeZone,
    activeHours: settings.activeHours === '' ? null : parseActiveHours(settings.activeHours),
    jitterMs: settings.jitterMs,
  }
}

function tellOutcome(run: SyncRun, health: OrganizationHealth): void {
  if (run.result === 'ok') health.syncFinished(run.source, ((run.endedAt ?? run.startedAt) - run.startedAt) / 1000)
  else if (run.reason !== null) health.syncFailed(run.source, run.reason)
}
