import type { BucketReport } from '../core/organization.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { OrganizationLedger } from '../ledger/organization.ts'
import { BILLED_DIMENSIONS, billedRows } from './organization/billed-rows.ts'
import { judgeCoverage } from './organization/coverage.ts'
import { type Findings, figuresOf, type ReportCoverage } from './organization/figures.ts'
import { NO_ORGANIZATIONS, type OrganizationFigures, type OrganizationPart } from './organization/part.ts'
import { reconcile } from './organization/reconciliation.ts'
import { readRuns } from './organization/run-health.ts'
import { USAGE_DIMENSIONS, usageRows } from './organization/usage-rows.ts'
import { type UtcWindows, utcWindows, windowEdges } from './organization/utc-windows.ts'

export interface OrganizationViewOptions {
  readonly now: () => number
  /** How long after its end a day may still be restated by the provider, milliseconds. */
  readonly settleAfterMs: number
  /**
   * The organisations to show: those in use, also while the ledger has nothing of them but failed runs. By default all
   * that the ledger has something of.
   */
  readonly organizations?: () => readonly string[]
}

export type OrganizationViewLedger = Pick<
  OrganizationLedger,
  'organizations' | 'apiUsage' | 'billedCost' | 'claudeCode' | 'directories' | 'coverage' | 'runs'
> &
  Pick<Ledger, 'usage'>

/** What the provider says of the organisations, in memory: read from the ledger after every run and on every UTC day. */
export class OrganizationView {
  readonly #options: OrganizationViewOptions
  #part = NO_ORGANIZATIONS
  #windows: UtcWindows | null = null
  #begun = 0
  #shown = 0

  constructor(options: OrganizationViewOptions) {
    this.#options = options
  }

  /** Reads everything anew; rejects with LedgerError, and then what was known stays. May run at any time. */
  async refresh(ledger: OrganizationViewLedger): Promise<void> {
    this.#begun += 1
    const turn = this.#begun
    const windows = utcWindows(this.#options.now())
    const part = await this.#read(ledger, windows)
    // A reading that began earlier may end later.
    if (turn < this.#shown) return
    this.#shown = turn
    this.#part = part
    this.#windows = windows
  }

  /** True when the UTC day has changed since, so that the windows are other ones. */
  isDue(): boolean {
    return this.#windows?.today !== utcWindows(this.#options.now()).today
  }

  /** What is known now. Windows that have ended since it was read are not. */
  part(): OrganizationPart {
    const now = utcWindows(this.#options.now())
    if (this.#windows === null || this.#windows.today === now.today) return this.#part
    const isSameMonth = this.#windows.month === now.month
    return {
      ...this.#part,
      organizations: this.#part.organizations.map((figures) => withoutEnded(figures, isSameMonth)),
    }
  }

  async #read(ledger: OrganizationViewLedger, windows: UtcWindows): Promise<OrganizationPart> {
    const organizations = this.#options.organizations?.() ?? (await ledger.organizations())
    if (organizations.length === 0) return NO_ORGANIZATIONS
    const [findings, coverages, runs] = await Promise.all([
      readFindings(ledger, windows),
      Promise.all(organizations.map((name) => this.#readCoverage(ledger, name, windows))),
      Promise.all(organizations.map((name) => readRuns(ledger, name))),
    ])
    const costs = new Map(
      organizations.flatMap((name, index) => {
        const coverage = coverages[index]
        return coverage === undefined ? [] : [[name, coverage.cost] as const]
      }),
    )
    return {
      organizations: organizations.flatMap((name, index) => {
        const coverage = coverages[index]
        return coverage === undefined ? [] : [figuresOf(name, findings, coverage, runs[index] ?? [])]
      }),
      reconciliation: await reconcile(ledger, costs, windows),
    }
  }

  async #readCoverage(
    ledger: OrganizationViewLedger,
    organization: string,
    windows: UtcWindows,
  ): Promise<ReportCoverage> {
    const range = { from: windows.previousMonth, to: windows.tomorrow }
    const judged = async (report: BucketReport) =>
      judgeCoverage(await ledger.coverage(organization, report, range), windows, this.#options.settleAfterMs)
    const [usage, cost, claudeCode] = await Promise.all([judged('usage'), judged('cost'), judged('claude-code')])
    return { usage, cost, 'claude-code': claudeCode }
  }
}

async function readFindings(ledger: OrganizationViewLedger, windows: UtcWindows): Promise<Findings> {
  const { previousMonth: from, tomorrow: to, month } = windows
  const edges = windowEdges(windows)
  const [usage, billed, claudeCode, directories] = await Promise.all([
    ledger.apiUsage({ from, to, by: USAGE_DIMENSIONS, edges }),
    ledger.billedCost({ from, to, by: BILLED_DIMENSIONS, edges }),
    ledger.claudeCode({ from: month, to }),
    ledger.directories(),
  ])
  return { usage: usageRows(usage, windows), billed: billedRows(billed, windows), claudeCode, directories }
}

function withoutEnded(figures: OrganizationFigures, isSameMonth: boolean): OrganizationFigures {
  const sameDayOnly = { ...figures, usageToday: null, billedToday: null }
  if (isSameMonth) return sameDayOnly
  return {
    ...sameDayOnly,
    usageMonthToDate: null,
    billedMonthToDate: null,
    billedPreviousMonth: null,
    claudeCodeMonthToDate: null,
  }
}
