import { periodAt } from '../budgets/period.ts'
import { SlotSeries } from '../budgets/slot-series.ts'
import type { Budget } from '../core/budget.ts'
import type { CoveredDay, StoredDirectory } from '../ledger/organization.ts'
import { seriesKey } from '../view/budgets/measured-series.ts'
import {
  type OrganizationBudgetLedger,
  readSeries,
  type Wanted,
  wantedSeries,
} from '../view/budgets/organization-amounts.ts'
import {
  bucketWidth,
  jointState,
  NO_REPORT,
  organizationDataState,
  type ReportState,
  reportState,
} from '../view/budgets/organization-data.ts'
import { organizationScope } from '../view/budgets/organization-scope.ts'
import { BURN_MS } from '../view/budgets/span.ts'
import { amountsBefore, NO_AMOUNTS, type PastAmounts, type PastMeasurement } from './budget-amounts.ts'
import { startOfUtcDay } from './instants.ts'
import { firstCovered, isGap } from './organization-days.ts'
import { inPieces } from './pieces.ts'

/** What is counted for budgets that count the same. */
interface PastSeries {
  readonly amounts: SlotSeries
  moveTo(instant: number): Promise<void>
  /** What is known on the UTC day of days from `from` on. */
  state(from: number, day: number): ReportState
}

/**
 * What organisations report for the budgets over them, from `from` on, epoch milliseconds. A bucket counts as a whole
 * from its start on: the provider does not say when within it. `organizations` are those in use. Rejects with
 * LedgerError.
 */
export async function openOrganizationAmounts(
  ledger: OrganizationBudgetLedger,
  budgets: readonly Budget[],
  organizations: readonly string[] | undefined,
  from: number,
): Promise<PastAmounts> {
  if (budgets.length === 0) return NO_AMOUNTS
  const names = organizations ?? (await ledger.organizations())
  const directories = (await ledger.directories()).filter(({ organization }) => names.includes(organization))
  const all = new Map<string, PastSeries>()
  for (const [key, wanted] of wantedSeries(budgets, from)) {
    const series = await openSeries(ledger, { ...wanted, from }, names, directories)
    if (series !== null) all.set(key, series)
  }
  let kept = startOfUtcDay(from)
  return {
    async moveTo(instant) {
      for (const series of all.values()) await series.moveTo(instant)
    },
    forgetBefore(instant) {
      kept = instant
      for (const { amounts } of all.values()) amounts.forgetBefore(instant)
    },
    measurement(budget, instant) {
      const series = all.get(seriesKey(budget))
      return series === undefined ? null : measurementAt(series, budget, kept, instant)
    },
  }
}

/** Null where nothing is known of it, now or ever. */
async function openSeries(
  ledger: OrganizationBudgetLedger,
  wanted: Wanted,
  names: readonly string[],
  directories: readonly StoredDirectory[],
): Promise<PastSeries | null> {
  const { organizations, isNamed } = organizationScope(wanted.scope, names, directories)
  if (!isNamed) return null
  const range = { from: startOfUtcDay(wanted.from), to: Number.MAX_SAFE_INTEGER }
  const coverages: (readonly CoveredDay[])[] = []
  for (const name of organizations) coverages.push(await ledger.coverage(name, wanted.report, range))
  const first = firstCovered(coverages)
  if (first === null) return null
  const amounts = new SlotSeries()
  const readBefore = inPieces(first, async ({ from, to }) => {
    const piece = await readSeries(ledger, { ...wanted, from }, names, directories, to - 1)
    for (const [slot, amount] of piece.amounts.entries()) amounts.add(slot, amount)
  })
  let known: { readonly from: number; readonly day: number; readonly state: ReportState } | null = null
  return {
    amounts,
    moveTo: (instant) => readBefore(instant + 1),
    state(from, day) {
      if (known?.from !== from || known.day !== day) known = { from, day, state: stateOnDay(coverages, from, day) }
      return known.state
    },
  }
}

/**
 * What is known now of a UTC day of the past, by the days up to it. Nothing where one of the organisations does not
 * cover it; but of the days after its newest it may still be about to tell.
 */
function stateOnDay(coverages: readonly (readonly CoveredDay[])[], from: number, day: number): ReportState {
  if (coverages.some((days) => isGap(days, day))) return NO_REPORT
  return jointState(
    coverages.map((days) => reportState(days.filter((covered) => covered.day >= from && covered.day <= day))),
  )
}

function measurementAt(series: PastSeries, budget: Budget, from: number, instant: number): PastMeasurement | null {
  const { amounts } = series
  const state = series.state(from, startOfUtcDay(instant))
  if (state.to === null) return null
  const period = periodAt(budget.period, instant)
  const known = organizationDataState(state, budget.period, period)
  const slotMs = bucketWidth(state, Math.min(period.start, instant - BURN_MS))
  const data = { ...known, to: Math.min(state.to, instant) }
  const running = Math.floor(instant / slotMs) * slotMs
  return {
    amounts,
    unpriced: null,
    slotMs,
    data,
    // What is known now of the bucket that ran then goes beyond the instant.
    burn: instant < state.to ? { amounts: amountsBefore(amounts, running), data: { ...data, to: running } } : null,
  }
}
