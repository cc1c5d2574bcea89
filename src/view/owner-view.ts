import { type Owner, type OwnerSettings, UNALLOCATED } from '../core/owner.ts'
import type { Delta, Ledger, RollupChange } from '../ledger/ledger.ts'
import type { HistoryReader } from './load-history.ts'
import { utcWindows } from './organization/utc-windows.ts'
import { type MonthBill, type MonthBillLedger, readMonthBill } from './owners/month-bill.ts'
import { MonthUse } from './owners/month-use.ts'
import type { OwnerLabels, OwnersPart, OwnerTotals } from './owners/part.ts'

export interface OwnerViewOptions {
  readonly settings: OwnerSettings
  readonly timeZone: string
  readonly now: () => number
  /** Organisations in use; by default all that the ledger has something of. */
  readonly organizations?: () => readonly string[]
}

/**
 * What owners used and were billed this month, in memory: use is loaded once and follows what the ledger commits; the
 * bill is read anew after every run over it. Without rules nothing is kept.
 */
export class OwnerView implements HistoryReader {
  readonly #options: OwnerViewOptions
  readonly #use: MonthUse
  #bill: MonthBill | null = null
  /** Label sets by owner, the same objects all the time. */
  readonly #labels = new Map<string, OwnerLabels>()

  constructor(options: OwnerViewOptions) {
    this.#options = options
    this.#use = new MonthUse(options.settings.rules.usage, options.timeZone)
  }

  async prepare(ledger: Pick<Ledger, 'labels'>): Promise<number | null> {
    if (this.#isOff) return null
    this.#use.addLabels(await ledger.labels())
    return this.#use.turnTo(this.#options.now())
  }

  addHistory(rows: readonly RollupChange[]): void {
    if (!this.#isOff) this.#use.add(rows)
  }

  apply({ labels, rollup }: Pick<Delta, 'labels' | 'rollup'>): void {
    if (this.#isOff) return
    this.#use.turnTo(this.#options.now())
    this.#use.addLabels(labels)
    this.#use.add(rollup)
  }

  /** Reads the bill anew; rejects with LedgerError, and then what was known stays. */
  async refreshOrganizations(ledger: MonthBillLedger): Promise<void> {
    if (this.#isOff) return
    const { now, organizations, settings } = this.#options
    const names = organizations?.() ?? (await ledger.organizations())
    this.#bill = await readMonthBill(ledger, settings.rules.billed, { now: now(), organizations: names })
  }

  part(): OwnersPart {
    const { settings, now } = this.#options
    if (this.#isOff) return { settings, monthToDate: [] }
    const at = now()
    const month = this.#use.turnTo(at)
    const bill = this.#bill?.month === utcWindows(at).month ? this.#bill : null
    const totals = new Map<OwnerLabels, Mutable>()
    const totalsOf = (owner: Owner | null) => {
      const labels = this.#labelsOf(owner)
      const known = totals.get(labels)
      if (known !== undefined) return known
      const none: Mutable = { tokens: [0n, 0n, 0n, 0n, 0n], estimatedPico: 0n, planPico: 0n, billedPico: 0n }
      totals.set(labels, none)
      return none
    }
    for (const { charged, since, until } of [...settings.rules.usage, ...settings.rules.billed]) {
      if (since <= at && until > month) totalsOf(charged)
    }
    totalsOf(null)
    for (const { owner, tokens, estimatedPico, planPico } of this.#use.sums()) {
      const sum = totalsOf(owner)
      const [a, b, c, d, e] = sum.tokens
      sum.tokens = [a + tokens[0], b + tokens[1], c + tokens[2], d + tokens[3], e + tokens[4]]
      sum.estimatedPico += estimatedPico
      sum.planPico += planPico
    }
    for (const { owner, pico } of bill?.sums ?? []) totalsOf(owner).billedPico += pico
    return {
      settings,
      monthToDate: [...totals].map(
        ([labels, sum]): OwnerTotals => ({ labels, ...sum, billedPico: bill === null ? null : sum.billedPico }),
      ),
    }
  }

  get #isOff(): boolean {
    return this.#options.settings.count === 0
  }

  #labelsOf(owner: Owner | null): OwnerLabels {
    const key = JSON.stringify(owner && [owner.owner, owner.team, owner.costCenter])
    const known = this.#labels.get(key)
    if (known !== undefined) return known
    const labels =
      owner === null
        ? { owner: UNALLOCATED, team: UNALLOCATED, cost_center: UNALLOCATED }
        : { owner: owner.owner, team: owner.team, cost_center: owner.costCenter }
    this.#labels.set(key, labels)
    return labels
  }
}

type Mutable = { -readonly [Name in keyof Omit<OwnerTotals, 'labels'>]: OwnerTotals[Name] } & { billedPico: bigint }
