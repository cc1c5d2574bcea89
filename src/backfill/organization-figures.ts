import type { BucketReport } from '../core/organization.ts'
import type { ApiUsageSum, BilledSum, CoveredDay, OrganizationLedger, StoredDirectory } from '../ledger/organization.ts'
import { BILLED_DIMENSIONS, billedRows } from '../view/organization/billed-rows.ts'
import { type Coverage, judgeCoverage } from '../view/organization/coverage.ts'
import { figuresOf } from '../view/organization/figures.ts'
import type { OrganizationFigures } from '../view/organization/part.ts'
import { USAGE_DIMENSIONS, usageRows } from '../view/organization/usage-rows.ts'
import type { UtcWindows } from '../view/organization/utc-windows.ts'
import { firstCovered, isGap } from './organization-days.ts'
import { createLabelMemory } from './organization-labels.ts'
import { pastSums } from './organization-sums.ts'

type OrganizationFiguresLedger = Pick<OrganizationLedger, 'apiUsage' | 'billedCost' | 'coverage'>

/** One organisation, for a clock that moves through the past. */
export interface PastOrganization {
  /**
   * Null before anything is known of it; the same object while nothing changes. `windows` are those of the instant, which
   * never falls. Rejects with LedgerError.
   */
  at(instant: number, windows: UtcWindows): Promise<OrganizationFigures | null>
}

/** Reads of the organisation what is known from `from`, the start of a UTC day, on. Rejects with LedgerError. */
export async function openOrganization(
  ledger: OrganizationFiguresLedger,
  organization: string,
  directory: StoredDirectory | undefined,
  from: number,
): Promise<PastOrganization> {
  const covered = (report: BucketReport) => ledger.coverage(organization, report, { from, to: Number.MAX_SAFE_INTEGER })
  const days = { usage: await covered('usage'), cost: await covered('cost') }
  const first = firstCovered([days.usage, days.cost])
  if (first === null) return { at: () => Promise.resolve(null) }
  const usage = pastSums<ApiUsageSum>(
    { read: (query) => ledger.apiUsage({ ...query, by: USAGE_DIMENSIONS, organization }), add: addUsage },
    days.usage,
    first,
  )
  const cost = pastSums<BilledSum>(
    { read: (query) => ledger.billedCost({ ...query, by: BILLED_DIMENSIONS, organization }), add: addBilled },
    days.cost,
    first,
  )
  const names = directory === undefined ? [] : [{ ...directory, rateLimits: [], spendLimits: null }]
  const remember = createLabelMemory()
  let stamp = ''
  let figures: OrganizationFigures | null = null
  return {
    async at(instant, windows) {
      if (windows.today < first) return null
      await usage.moveTo(instant)
      await cost.moveTo(instant)
      const now = JSON.stringify([windows.today, usage.version, cost.version])
      if (now === stamp) return figures
      stamp = now
      const findings = {
        usage: usageRows(usage.sums(windows), windows),
        billed: billedRows(cost.sums(windows), windows),
        claudeCode: [],
        directories: names,
      }
      const coverage = {
        usage: coverageOn(days.usage, windows),
        cost: coverageOn(days.cost, windows),
        'claude-code': coverageOn([], windows),
      }
      figures = remember(figuresOf(organization, findings, coverage, []))
      return figures
    },
  }
}

/** By what is known now of the days up to the one that runs; which days are settled does not matter here. */
function coverageOn(days: readonly CoveredDay[], windows: UtcWindows): Coverage {
  const { previousMonth, today } = windows
  const known = days.filter(({ day }) => day >= previousMonth && day <= today)
  const coverage = judgeCoverage(known, windows, 0)
  return isGap(days, today) ? { ...coverage, known: { ...coverage.known, monthToDate: false } } : coverage
}

function addUsage(a: ApiUsageSum, b: ApiUsageSum): ApiUsageSum {
  return {
    ...a,
    input: a.input + b.input,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    cacheRead: a.cacheRead + b.cacheRead,
    output: a.output + b.output,
    webSearches: a.webSearches + b.webSearches,
    requests: a.requests === null || b.requests === null ? null : a.requests + b.requests,
  }
}

function addBilled(a: BilledSum, b: BilledSum): BilledSum {
  return { ...a, amountPico: a.amountPico + b.amountPico, listPico: null }
}
