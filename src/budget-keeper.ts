import { isDeepStrictEqual } from 'node:util'
import { alertThresholdsOf, budgetsOf, topUpsOf } from './config/budgets.ts'
import type { Config } from './config/config.ts'
import { notifySettingsOf } from './config/notify.ts'
import { ownerSettingsOf } from './config/owners.ts'
import type { AlertThresholdValues } from './core/alert-thresholds.ts'
import { leaseKeeper } from './leases.ts'
import type { StoredCrossing } from './ledger/budgets.ts'
import type { ActiveSession, Delta, LabelRow, Ledger } from './ledger/ledger.ts'
import type { Clock } from './lib/clock.ts'
import type { Logger } from './lib/logger.ts'
import type { Health } from './metrics/health.ts'
import type { Notifier } from './notify/notifier.ts'
import { BudgetView, type BudgetViewOptions } from './view/budget-view.ts'
import { HabitView } from './view/habit-view.ts'
import { loadHistory } from './view/load-history.ts'
import { OwnerView } from './view/owner-view.ts'
import type { Snapshot } from './view/snapshot.ts'

/** How long others wait with notices once this program is gone without a word. */
const NOTICE_LEASE_MS = 5 * 60_000

export type NoticeHealth = Pick<Health, 'noticesSent' | 'noticeFailed'>

export interface BudgetKeeperOptions {
  readonly config: Config
  readonly ledger: Ledger
  readonly clock: Clock
  readonly logger: Logger
  readonly health: NoticeHealth
  /** Logs what went wrong, unless it is that the ledger is away, which is known. */
  readonly warn: (what: string, error: unknown) => void
  readonly sessions: BudgetViewOptions['sessions']
  readonly organizations: () => readonly string[]
  /** A label as it is shown. */
  readonly label: (id: number) => LabelRow | undefined
}

/** Budgets, balances, owners and what is usual: kept up to date, recorded, and told to the webhook where there is one. */
export class BudgetKeeper {
  readonly #options: BudgetKeeperOptions
  #habits: HabitView
  #config: Config
  #budgets: BudgetView
  #owners: OwnerView
  #thresholds: AlertThresholdValues
  #notifier: Promise<Notifier | null>
  readonly #maySend: () => Promise<boolean>
  /** Revision of the ledger that the budgets were loaded at: deltas up to it are in them already. */
  #loadedAt = Number.NEGATIVE_INFINITY
  /** What is committed while budgets are loaded anew; null while they are not. */
  #arriving: Delta[] | null = null
  #isRecording = false

  constructor(options: BudgetKeeperOptions) {
    const { config } = options
    this.#options = options
    this.#config = config
    this.#budgets = this.#createView(config)
    this.#owners = this.#createOwners(config)
    this.#thresholds = alertThresholdsOf(config)
    this.#habits = this.#createHabits()
    this.#maySend = leaseKeeper(options.ledger, 'notices', NOTICE_LEASE_MS)
    this.#notifier = this.#createNotifier(config)
  }

  /**
   * Takes history out of a ledger as it was at a revision; deltas from then on are to follow. Rejects with LedgerError,
   * and then everything stays as it was.
   */
  async load(ledger: Ledger, revision: number): Promise<void> {
    const budgets = this.#createView(this.#config)
    const habits = this.#createHabits()
    const owners = this.#createOwners(this.#config)
    await loadHistory(ledger, [budgets, habits, owners], this.#options.clock.now())
    await owners.refreshOrganizations(ledger)
    this.#budgets = budgets
    this.#owners = owners
    this.#habits = habits
    this.#loadedAt = revision
  }

  apply(delta: Delta): void {
    this.#arriving?.push(delta)
    if (delta.revision > this.#loadedAt) {
      this.#budgets.apply(delta)
      this.#owners.apply(delta)
    }
    this.#habits.apply(delta)
  }

  setActive(sessions: readonly ActiveSession[]): void {
    this.#habits.setActive(sessions)
  }

  async refreshOrganizations(): Promise<void> {
    await this.#budgets.refreshOrganizations(this.#options.ledger)
    await this.#owners.refreshOrganizations(this.#options.ledger)
  }

  budgets(): Pick<Snapshot, 'budgets' | 'balances' | 'owners'> {
    return { ...this.#budgets.part(), owners: this.#owners.part() }
  }

  habits(): Snapshot['habits'] {
    return this.#habits.part()
  }

  thresholds(): AlertThresholdValues {
    return this.#thresholds
  }

  /**
   * Takes over budgets, balances, owners, thresholds and the webhook of another configuration; one at a time. Rejects with
   * LedgerError, and then everything stays as it was.
   */
  async configure(config: Config): Promise<void> {
    const before = this.#config
    if (!isDeepStrictEqual(whatBudgetsAreMadeOf(before), whatBudgetsAreMadeOf(config))) await this.#reload(config)
    this.#config = config
    this.#thresholds = alertThresholdsOf(config)
    if (!isDeepStrictEqual(notifySettingsOf(before), notifySettingsOf(config))) {
      const old = this.#notifier
      this.#notifier = old.then(async (notifier) => {
        await notifier?.stop()
        return this.#createNotifier(config)
      })
    }
  }

  /** Writes what happened to budgets into the ledger and tells the webhook. Never rejects. */
  async tick(snapshot: () => Snapshot): Promise<void> {
    if (this.#isRecording) return
    this.#isRecording = true
    try {
      const crossings = await this.#budgets.record(this.#options.ledger)
      // Of several at once the last is the most serious.
      for (const crossing of new Map(crossings.map((row) => [row.budget, row])).values()) this.#log(crossing)
    } catch (error) {
      this.#options.warn('cannot record budgets', error)
    } finally {
      this.#isRecording = false
    }
    const notifier = await this.#notifier
    // Sending may take long; nothing waits for it.
    if (notifier === null || !snapshot().complete) return
    try {
      if (await this.#maySend()) void notifier.check(snapshot())
    } catch (error) {
      this.#options.warn('cannot tell whether another machine sends notices', error)
    }
  }

  /** To be called before the ledger is closed. */
  async stop(): Promise<void> {
    await (await this.#notifier)?.stop()
  }

  #createHabits(): HabitView {
    const { config, clock, label } = this.#options
    return new HabitView({ timeZone: config.timeZone, now: () => clock.now(), label })
  }

  #createOwners(config: Config): OwnerView {
    const { clock, organizations } = this.#options
    const { timeZone } = this.#options.config
    return new OwnerView({ settings: ownerSettingsOf(config), timeZone, now: () => clock.now(), organizations })
  }

  #createView(config: Config): BudgetView {
    const { clock, sessions, organizations } = this.#options
    return new BudgetView({
      budgets: budgetsOf(config),
      topUps: topUpsOf(config),
      now: () => clock.now(),
      minElapsedRatio: alertThresholdsOf(config).forecast_elapsed_ratio,
      sessions,
      organizations,
    })
  }

  /** Reads the ledger as of one moment, while more is committed, and adds that. */
  async #reload(config: Config): Promise<void> {
    const arriving: Delta[] = []
    this.#arriving = arriving
    try {
      const { ledger, revision } = await this.#options.ledger.freeze()
      try {
        const view = this.#createView(config)
        const owners = this.#createOwners(config)
        await loadHistory(ledger, [view, owners], this.#options.clock.now())
        await view.refreshOrganizations(ledger)
        await owners.refreshOrganizations(ledger)
        for (const delta of arriving) {
          if (delta.revision <= revision) continue
          view.apply(delta)
          owners.apply(delta)
        }
        this.#budgets = view
        this.#owners = owners
        this.#loadedAt = revision
      } finally {
        await ledger.close()
      }
    } finally {
      this.#arriving = null
    }
  }

  /** Loaded only where there is somebody to tell. */
  async #createNotifier(config: Config): Promise<Notifier | null> {
    const settings = notifySettingsOf(config)
    if (settings.url === null && settings.urlFile === null) return null
    const [{ Notifier }, { Webhook }, { urlReader }] = await Promise.all([
      import('./notify/notifier.ts'),
      import('./notify/webhook.ts'),
      import('./notify/webhook-url.ts'),
    ])
    const url = urlReader(settings)
    if (url === null) return null
    const { ledger, clock, logger, health } = this.#options
    return new Notifier({
      ledger,
      webhook: new Webhook({ url }),
      format: settings.format,
      now: () => clock.now(),
      logger,
      events: {
        sent: (notices) => health.noticesSent(notices),
        failed: (reason) => health.noticeFailed(reason),
      },
    })
  }

  #log({ budget, crossing, spent, limit }: StoredCrossing): void {
    const percent = Number((spent * 1_000n) / limit) / 10
    this.#options.logger.warn('a budget has passed a threshold', { budget, threshold: crossing, usedPercent: percent })
  }
}

function whatBudgetsAreMadeOf(config: Config) {
  return [
    budgetsOf(config),
    topUpsOf(config),
    alertThresholdsOf(config).forecast_elapsed_ratio,
    ownerSettingsOf(config),
  ]
}
