import { BudgetKeeper, type NoticeHealth } from './budget-keeper.ts'
import type { Config } from './config/config.ts'
import { pricingOf } from './configured-pricing.ts'
import { configuredSources } from './configured-sources.ts'
import type { SyncCause, SyncRun } from './core/sync-run.ts'
import type { SourceName } from './core/usage.ts'
import type { SyncRequest } from './ingest/organization/sync-options.ts'
import { type Delta, type Ledger, LedgerError } from './ledger/ledger.ts'
import { LedgerWatch } from './ledger-watch.ts'
import type { Clock } from './lib/clock.ts'
import type { Logger } from './lib/logger.ts'
import { LiveSums } from './live-sums.ts'
import type { Health } from './metrics/health.ts'
import { apiSources, Organizations, type OrganizationsOptions } from './organizations.ts'
import type { Pricing } from './pricing/pricing.ts'
import { Pruning } from './pruning.ts'
import { SessionLogs } from './session-logs.ts'
import type { Machine } from './sources/create-sources.ts'
import type { Source } from './sources/source.ts'
import { StatusLines } from './status-lines.ts'
import { Team } from './team.ts'
import { ACTIVE_MS } from './view/active.ts'
import { HealthView } from './view/health-view.ts'
import { SnapshotHolder } from './view/holder.ts'
import { OrganizationView } from './view/organization-view.ts'
import type { Snapshot } from './view/snapshot.ts'

const REFRESH_MS = 5_000
const NEWS_MS = 2_000

export interface AppOptions {
  readonly config: Config
  /** Open for writing; the app closes it. */
  readonly ledger: Ledger
  readonly machine: Machine
  readonly clock: Clock
  readonly logger: Logger
  readonly health: Pick<Health, 'syncStarted' | 'syncFinished' | 'syncFailed' | 'apiRequests'> & NoticeHealth
  /** What the run log is to say of loading the session logs; null: nothing. */
  readonly loadCause: Extract<SyncCause, 'start' | 'command'> | null
  /** Told when nothing can be done any more, for example because the ledger is damaged. */
  readonly onFatal: (error: unknown) => void
  readonly adminApi?: OrganizationsOptions['adminApi']
}

/** The exporter without its front doors: sources, ledger and view, put together. */
export class App {
  readonly #options: AppOptions
  readonly #healthView = new HealthView()
  readonly #sources: readonly Source[]
  readonly #pricing: Pricing
  readonly #ledger: Ledger
  readonly #watch: LedgerWatch
  readonly #team: Team
  readonly #pruning: Pruning
  readonly #logs: SessionLogs
  readonly #sums: LiveSums
  readonly #holder: SnapshotHolder
  readonly #organizations: Organizations
  readonly #organizationView: OrganizationView
  readonly #budgets: BudgetKeeper
  readonly #statusLines: StatusLines
  #organizationRefresh: Promise<void> = Promise.resolve()
  #refresher: NodeJS.Timeout | undefined
  #listener: NodeJS.Timeout | undefined
  #listening: Promise<void> | null = null
  #ticking: Promise<void> | null = null
  #refreshing = false
  #needsRefresh = true
  #loading: Promise<void> = Promise.resolve()

  constructor(options: AppOptions) {
    const { config, clock } = options
    this.#options = options
    this.#pricing = pricingOf(config)
    this.#sources = configuredSources(config, options.machine)
    this.#ledger = options.ledger
    this.#healthView.setShared(this.#ledger.isShared)
    this.#watch = new LedgerWatch({
      clock,
      logger: options.logger,
      health: this.#healthView,
      changed: () => this.#holder.touch(),
    })
    this.#team = new Team({ ledger: this.#ledger, clock, sources: this.#sources.map(({ name }) => name) })
    this.#pruning = new Pruning(this.#ledger, config.storage.retentionMs)
    this.#logs = new SessionLogs({
      config,
      sources: this.#sources,
      pricing: this.#pricing,
      ledger: this.#ledger,
      clock,
      logger: options.logger,
      health: options.health,
      loadCause: options.loadCause,
      events: {
        committed: (delta) => this.#committed(delta),
        succeeded: (source) => {
          this.#healthView.succeeded(source, clock.now())
          this.#team.noteRead(source)
          this.#holder.touch()
        },
        failed: (source, log, error) => this.#failed(source, log, error),
      },
    })
    const now = () => clock.now()
    const { timeZone } = config
    const { seriesLimit } = config.metrics
    this.#organizationView = new OrganizationView({
      now,
      settleAfterMs: config.adminApi.settleAfterMs,
      organizations: () => this.#organizations.names,
    })
    this.#organizations = new Organizations({
      config,
      env: options.machine.env,
      ledger: this.#ledger,
      clock,
      logger: options.logger,
      health: options.health,
      changed: () => void this.#refreshOrganizations(),
      adminApi: options.adminApi,
    })
    const health = () => this.#healthView.part(this.#sources.map((source) => [source.name, source.status()]))
    this.#budgets = new BudgetKeeper({
      config,
      ledger: this.#ledger,
      clock,
      logger: options.logger,
      health: options.health,
      sessions: health,
      warn: (what, error) => this.#watch.warn(what, error),
      organizations: () => this.#organizations.names,
      label: (id) => this.#sums.usage.label(id),
    })
    this.#sums = new LiveSums({
      config,
      clock,
      ledger: this.#ledger,
      budgets: this.#budgets,
      tallies: this.#healthView,
    })
    this.#statusLines = new StatusLines(config.storage.path, options.logger)
    this.#holder = new SnapshotHolder({
      usage: () => this.#sums.usage,
      now,
      timeZone,
      seriesLimit,
      listPrices: (at) => this.#pricing.listPrices(at),
      health,
      budgets: () => this.#budgets.budgets(),
      habits: () => this.#budgets.habits(),
      planWindows: () => this.#statusLines.planWindows,
      alertThresholds: () => this.#budgets.thresholds(),
      organizations: () => this.#organizationView.part(),
      nextRuns: () => this.#organizations.nextRuns(),
    })
  }

  /** Takes the saved sums out of a ledger whose server need not be there yet. False when it is not. */
  async tryRestore(): Promise<boolean> {
    try {
      await this.restore()
      return true
    } catch (error) {
      if (!this.#watch.isAway(error)) throw error
      this.#healthView.ledgerFailed('away')
      this.#holder.touch()
      return false
    }
  }

  /**
   * Takes the saved sums out of the ledger: from here on snapshots can be served. Rejects with LedgerError, and can then
   * be tried again.
   */
  async restore(): Promise<void> {
    await this.#sums.load()
    this.#watch.answered()
    this.#healthView.isComplete = await this.#logs.isLoadedBefore()
    await this.#ledger.interruptRuns(this.#options.clock.now())
    await this.#refreshOrganizations()
    this.#readStatusLines()
    await this.#refresh()
  }

  /** Begins to read organisations by the clock; session logs need not be loaded for that. */
  async startSchedule(): Promise<void> {
    // Commands on this machine see from here on that somebody reads the logs.
    await this.#beat()
    await this.#organizations.start()
  }

  /** Reads a report of every organisation now; the runs tell how it went. */
  syncOrganizations(request: SyncRequest): Promise<readonly SyncRun[]> {
    return this.#organizations.run(request)
  }

  /** Sources that `readNow` reads, named as in the `source` label. */
  get readableSources(): readonly string[] {
    const { config } = this.#options
    return [...this.#sources.map(({ name }) => name), ...apiSources(config)]
  }

  /** Looks at a source now, or joins a run that is under way. Resolves when that has ended; the run log tells. */
  async readNow(source: string): Promise<void> {
    const logs = this.#sources.find(({ name }) => name === source)
    await (logs === undefined ? this.#organizations.read(source, 'request') : this.#logs.look(logs.name))
  }

  /** Organisations that there is a credential for. */
  get organizationNames(): readonly string[] {
    return this.#organizations.names
  }

  /**
   * Reads what the sources have that the ledger does not. Rejects only for what cannot be put right by waiting. `stop`
   * ends it early.
   */
  load(): Promise<void> {
    this.#loading = this.#load()
    return this.#loading
  }

  async #load(): Promise<void> {
    if (!(await this.#logs.load())) return
    await this.#refreshUnlogged()
    this.#healthView.isComplete = true
    // What the logs come to is compared with the bill.
    await this.#refreshOrganizations()
    await this.#refresh()
  }

  /** Keeps following the sources until `stop`. */
  async follow(): Promise<void> {
    await this.#logs.follow()
    this.#refresher = setInterval(() => this.#tickOnce(), REFRESH_MS)
    this.#refresher.unref()
    if (!this.#ledger.isShared) return
    this.#listener = setInterval(() => this.#listen(), NEWS_MS)
    this.#listener.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#refresher)
    clearInterval(this.#listener)
    await Promise.all([this.#listening, this.#ticking])
    await this.#budgets.stop()
    await Promise.all([this.#organizations.stop(), this.#logs.stop()])
    await this.#organizationRefresh
    // Whoever called `load` has been told of its failure.
    await this.#loading.catch(() => {})
    // Others need not wait for their end; they end by themselves where this fails.
    await this.#ledger.releaseLeases().catch(() => {})
    await this.#ledger.close()
  }

  snapshot(): Snapshot {
    return this.#holder.current()
  }

  /**
   * Takes over the budgets and alert settings of another configuration. Rejects with LedgerError, and then everything
   * stays as it was.
   */
  async configure(config: Config): Promise<void> {
    // What waits for a restart is not taken over by budgets alone either.
    const { timeZone, tail } = this.#options.config
    await this.#budgets.configure({ ...config, timeZone, tail })
    // What an organisation's run brought meanwhile went to the budgets before.
    await this.#refreshOrganizations()
    this.#holder.touch()
  }

  get ledger(): Ledger {
    return this.#ledger
  }

  get pricing(): Pricing {
    return this.#pricing
  }

  get clock(): Clock {
    return this.#options.clock
  }

  /** Bytes read and to be read, over all sources, while history is loaded. */
  progress(): { readonly done: number; readonly total: number } {
    return this.#logs.progress()
  }

  #committed(delta: Delta): void {
    this.#watch.answered()
    if (!this.#sums.apply(delta)) return
    this.#healthView.ledgerUp = true
    this.#needsRefresh = true
    this.#holder.touch()
    if (delta.claims) void this.#refreshUnlogged()
  }

  async #refreshUnlogged(): Promise<void> {
    try {
      this.#sums.usage.setUnlogged(await this.#ledger.unlogged())
      this.#holder.touch()
    } catch (error) {
      this.#watch.warn('cannot read unlogged totals', error)
    }
  }

  /** What others commit, one question at a time. */
  #listen(): void {
    this.#listening ??= this.#team
      .listen({
        committed: (delta) => this.#committed(delta),
        organizations: () => this.#refreshOrganizations(),
        reload: async () => {
          this.#options.logger.info('reading the ledger anew: too much was missed')
          await this.#sums.load()
          this.#holder.touch()
        },
      })
      .then(
        () => this.#watch.answered(),
        (error) => this.#watch.warn('cannot read what other machines have stored', error),
      )
      .finally(() => {
        this.#listening = null
      })
  }

  /** One at a time, and never fewer than one after the last change. */
  #refreshOrganizations(): Promise<void> {
    this.#organizationRefresh = this.#organizationRefresh.then(async () => {
      try {
        await this.#organizationView.refresh(this.#ledger)
        await this.#budgets.refreshOrganizations()
        this.#holder.touch()
      } catch (error) {
        this.#watch.warn('cannot refresh the figures of organisations', error)
      }
    })
    return this.#organizationRefresh
  }

  #failed(source: SourceName, log: Logger, error: unknown): void {
    const failure = error instanceof LedgerError ? error.failure : 'other'
    this.#options.health.syncFailed(source, failure)
    if (error instanceof LedgerError) this.#healthView.ledgerFailed(failure)
    this.#holder.touch()
    if (failure === 'corrupt') this.#options.onFatal(error)
    else if (!this.#watch.isAway(error)) log.error('cannot store what was read; trying again', { err: error, failure })
  }

  #readStatusLines(): void {
    if (this.#statusLines.refresh(this.#options.clock.now())) this.#holder.touch()
  }

  /** One at a time: a ledger far away may take longer than the pause between two. */
  #tickOnce(): void {
    this.#ticking ??= this.#tick().finally(() => {
      this.#ticking = null
    })
  }

  async #tick(): Promise<void> {
    this.#readStatusLines()
    await this.#refresh()
    await this.#beat()
    if (this.#organizationView.isDue()) await this.#refreshOrganizations()
    await this.#budgets.tick(() => this.snapshot())
    this.#statusLines.tell(this.#options.clock.now(), () => this.snapshot())
    try {
      await this.#pruning.tick(this.#options.clock.now())
    } catch (error) {
      this.#watch.warn('cannot prune the ledger', error)
    }
  }

  async #beat(): Promise<void> {
    try {
      if (!(await this.#team.tick())) return
      this.#healthView.setMachines(this.#team.machines)
      this.#sums.setMachines(this.#team.machines)
      this.#holder.touch()
    } catch (error) {
      this.#watch.warn('cannot give a sign of life', error)
    }
  }

  /** Figures that take a small query: who is active, what is held, how large the ledger is. */
  async #refresh(): Promise<void> {
    if (this.#refreshing) return
    this.#refreshing = true
    try {
      const now = this.#options.clock.now()
      const folded = this.#sums.usage.takeNewlyFolded()
      if (folded.length > 0) await this.#foldInto(folded)
      if (this.#needsRefresh || this.#sums.usage.hasActive) {
        this.#needsRefresh = false
        const active = await this.#ledger.activeSessions(now - ACTIVE_MS, now)
        this.#sums.usage.setActive(active)
        this.#budgets.setActive(active)
        this.#healthView.held = await this.#ledger.heldCount()
        this.#healthView.ledgerBytes = await this.#ledger.sizeBytes()
        this.#holder.touch()
      }
    } catch (error) {
      this.#watch.warn('cannot refresh figures from the ledger', error)
    } finally {
      this.#refreshing = false
    }
  }

  async #foldInto(labels: readonly number[]): Promise<void> {
    this.#options.logger.warn('the series limit is reached; new label sets are counted under "other"', {
      limit: this.#options.config.metrics.seriesLimit,
      folded: labels.length,
    })
    await this.#ledger.setFolded(labels)
  }
}
