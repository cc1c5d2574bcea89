import { budgetInForce } from '../budgets/assess.ts'
import type { BudgetFigures } from '../budgets/figures.ts'
import { periodAt } from '../budgets/period.ts'
import { type Budget, isOfOrganization, type TopUp } from '../core/budget.ts'
import { DAY_MS, MINUTE_MS } from '../core/time.ts'
import type { BudgetLedger, StoredCrossing } from '../ledger/budgets.ts'
import { type Delta, type Ledger, type RollupChange, SLOT_MS } from '../ledger/ledger.ts'
import { type Measurement, RememberedFigures } from './budgets/figures-of.ts'
import { ForecastMemory } from './budgets/forecast-errors.ts'
import type { OrganizationBudgetLedger } from './budgets/organization-amounts.ts'
import { bucketWidth, organizationDataState } from './budgets/organization-data.ts'
import {
  NO_ORGANIZATION_BUDGETS,
  type OrganizationBudgets,
  readOrganizationBudgets,
} from './budgets/organization-part.ts'
import { BudgetRecorder } from './budgets/recorder.ts'
import { SessionAmounts } from './budgets/session-amounts.ts'
import { type SessionData, sessionDataState } from './budgets/session-data.ts'
import { BURN_MS, oldestNeeded, PERIODS_MS } from './budgets/span.ts'
import { type HistoryReader, loadHistory } from './load-history.ts'
import type { Snapshot } from './snapshot.ts'

/** Between the forecasts of one budget and the next; somebody looks about as often. */
const FORECAST_APART_MS = 5_000

export interface BudgetViewOptions {
  /** All versions of all budgets. */
  readonly budgets: readonly Budget[]
  readonly topUps: readonly TopUp[]
  readonly now: () => number
  /** Share of a period that must have passed before a forecast is made. */
  readonly minElapsedRatio: number
  /** What is known of the session logs, as HealthView tells it. */
  readonly sessions: () => SessionData
  /** Organisations in use; by default all that the ledger has something of. */
  readonly organizations?: () => readonly string[]
}

/**
 * Budgets and prepaid balances, in memory: the amounts of session logs are loaded once and follow what the ledger
 * commits; those of organisations are read anew after every run over them.
 */
export class BudgetView implements HistoryReader {
  readonly #options: BudgetViewOptions
  /** Versions by name, in the order of the configuration. */
  readonly #versions: ReadonlyMap<string, readonly Budget[]>
  readonly #sessions: SessionAmounts
  readonly #forecasts = new ForecastMemory()
  readonly #recorder = new BudgetRecorder((forecast) => this.#forecasts.add(forecast))
  readonly #figures = new Map<string, RememberedFigures>()
  #organizations: OrganizationBudgets = NO_ORGANIZATION_BUDGETS
  #readings = 0
  #newestReading = 0
  /** When the ledger was last written before this start, epoch milliseconds. */
  #storedTo: number | null = null
  /** Amounts before are forgotten at the next turn of the day. */
  #neededFrom: number
  #day: number

  constructor(options: BudgetViewOptions) {
    const now = options.now()
    this.#options = options
    this.#versions = versionsByName(options.budgets)
    this.#sessions = new SessionAmounts(options.budgets.filter(({ until }) => until > now))
    this.#neededFrom = oldestNeeded(options.budgets, now)
    this.#sessions.forgetBefore(this.#neededFrom)
    this.#day = dayOf(now)
  }

  /** Loads the history by itself; where others need it, too, `loadHistory` is cheaper. Rejects with LedgerError. */
  load(ledger: Ledger): Promise<void> {
    return loadHistory(ledger, [this], this.#options.now())
  }

  async prepare(ledger: Ledger): Promise<number | null> {
    const now = this.#options.now()
    for (const forecast of await ledger.forecasts({ since: now - PERIODS_MS })) this.#forecasts.add(forecast)
    if (this.#sessions.isEmpty) return null
    this.#storedTo = await ledger.lastStored()
    this.#sessions.addLabels(await ledger.labels())
    return oldestNeeded(this.#options.budgets, now)
  }

  addHistory(rows: readonly RollupChange[]): void {
    this.#sessions.add(rows)
  }

  apply({ labels, rollup }: Pick<Delta, 'labels' | 'rollup'>): void {
    this.#sessions.addLabels(labels)
    this.#sessions.add(rollup)
  }

  /** Reads anew what organisations report. Rejects with LedgerError, and then what was known stays. */
  async refreshOrganizations(ledger: OrganizationBudgetLedger): Promise<void> {
    this.#readings += 1
    const reading = this.#readings
    const { budgets, topUps, now, organizations } = this.#options
    const configured = budgets.filter(({ basis, until }) => isOfOrganization(basis) && until > now())
    const read = await readOrganizationBudgets(ledger, { budgets: configured, topUps, organizations }, now())
    // A reading that began earlier may end later.
    if (reading < this.#newestReading) return
    this.#newestReading = reading
    this.#organizations = read
  }

  /** The version in force of every budget, those of the configuration first; and the balance of every organisation. */
  part(): Pick<Snapshot, 'budgets' | 'balances'> {
    const now = this.#options.now()
    this.#forgetOld(now)
    const sessions = this.#options.sessions()
    return {
      budgets: this.#inForce(now).map((budget) => this.#figuresOf(budget, sessions, now)),
      balances: this.#organizations.balances(now),
    }
  }

  /**
   * Writes limits, crossings and forecasts of the periods that run into the ledger, and tells the crossings that are
   * new. Nothing while history is being loaded. Rejects with LedgerError.
   */
  async record(ledger: BudgetLedger): Promise<readonly StoredCrossing[]> {
    if (!this.#options.sessions().complete) return []
    const { budgets } = this.part()
    return this.#recorder.record(ledger, budgets, this.#options.now())
  }

  #inForce(now: number): readonly Budget[] {
    const configured = [...this.#versions.values()].map((versions) => budgetInForce(versions, now))
    return [...configured, ...this.#organizations.official].filter((budget) => budget !== null)
  }

  #figuresOf(budget: Budget, sessions: SessionData, now: number): BudgetFigures {
    const figures = this.#rememberedOf(budget)
    const measurement = isOfOrganization(budget.basis)
      ? this.#organizationMeasurement(budget, now)
      : this.#sessionMeasurement(budget, sessions, now)
    return figures.at(now, budget, measurement, this.#forecasts, this.#options.minElapsedRatio)
  }

  /** Forecasts are dear: each budget has its own time of the minute for them. */
  #rememberedOf({ name }: Budget): RememberedFigures {
    const figures =
      this.#figures.get(name) ?? new RememberedFigures((this.#figures.size * FORECAST_APART_MS) % MINUTE_MS)
    this.#figures.set(name, figures)
    return figures
  }

  #sessionMeasurement(budget: Budget, sessions: SessionData, now: number): Measurement {
    const { amounts, unpriced, version } = this.#sessions.series(budget)
    const data = sessionDataState(budget, sessions, this.#storedTo, now)
    return { amounts, unpriced, version, slotMs: SLOT_MS, data }
  }

  #organizationMeasurement(budget: Budget, now: number): Measurement {
    const { amounts, state } = this.#organizations.series(budget)
    const period = periodAt(budget.period, now)
    return {
      amounts,
      unpriced: null,
      version: 0,
      slotMs: bucketWidth(state, Math.min(period.start, now - BURN_MS)),
      data: organizationDataState(state, budget.period, period),
    }
  }

  /** One day behind, so that a clock may jump ahead and be put right. */
  #forgetOld(now: number): void {
    if (dayOf(now) === this.#day) return
    this.#day = dayOf(now)
    this.#sessions.forgetBefore(this.#neededFrom)
    this.#forecasts.forgetBefore(now - PERIODS_MS)
    this.#neededFrom = oldestNeeded(this.#options.budgets, now)
  }
}

function versionsByName(budgets: readonly Budget[]): ReadonlyMap<string, readonly Budget[]> {
  const versions = new Map<string, Budget[]>()
  for (const budget of budgets) versions.set(budget.name, [...(versions.get(budget.name) ?? []), budget])
  return versions
}

function dayOf(instant: number): number {
  return Math.floor(instant / DAY_MS)
}
