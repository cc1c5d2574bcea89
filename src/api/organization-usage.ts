import { usdFromPico } from '../core/money.ts'
import type { BucketReport } from '../core/organization.ts'
import { isoTime } from '../core/period.ts'
import { DAY_MS } from '../core/time.ts'
import type { OrganizationLedger } from '../ledger/organization.ts'
import { giveWay } from '../lib/turns.ts'
import type { Period } from '../report/period.ts'
import type { UsageDocument } from './schema/usage.ts'

type OrganizationsJson = NonNullable<UsageDocument['organizations']>
type RangeJson = OrganizationsJson['range']
type TokensJson = NonNullable<OrganizationsJson['tokens']>

/** Days that are read at a time, so that others have their turn in between. */
const SLICE_DAYS = 14

export interface OrganizationQuery {
  readonly period: Period
  /** Organisations that are read. */
  readonly organizations: readonly string[]
  readonly modelName: (id: string) => string
}

/**
 * What the provider says about the whole UTC days of a range, the one that runs included where the range ends now. Null
 * where no organisation is read. Rejects with LedgerError.
 */
export async function organizationUsage(
  ledger: Pick<OrganizationLedger, 'coverage' | 'billedCost' | 'apiUsage'>,
  { period, organizations, modelName }: OrganizationQuery,
): Promise<OrganizationsJson | null> {
  if (organizations.length === 0) return null
  const days = utcDays(period)
  const readings = organizations.map((name) => new Reading(name))
  const range = { from: days[0] ?? 0, to: (days.at(-1) ?? 0) + DAY_MS }
  if (days.length > 0) {
    for (const reading of readings) await reading.readCoverage(ledger, range)
    await readSums(ledger, days, readings, modelName)
  }
  return documentOf(days, readings)
}

function documentOf(days: readonly number[], readings: readonly Reading[]): OrganizationsJson {
  const all = <T>(values: readonly (T | null)[]): readonly T[] | null =>
    values.length > 0 && values.every((value): value is T => value !== null) ? values : null
  const each = readings.map((reading) => reading.known(days))
  const billed = all(each.map((known) => known.billed))
  const used = all(each.map((known) => known.used))
  const models = new Set(readings.flatMap(({ models: own }) => [...own.keys()]))
  return {
    range: rangeJson(days[0], (days.at(-1) ?? 0) + DAY_MS),
    billedRange: rangeJson(days[0], billed && Math.min(...billed.map(({ to }) => to))),
    usageRange: rangeJson(days[0], used && Math.min(...used.map(({ to }) => to))),
    ...amountsJson(billed && sumOf(readings.map(({ sums }) => sums)), used && sumOf(readings.map(({ sums }) => sums))),
    byOrganization: readings.map((reading, index) => ({
      organization: reading.name,
      billedRange: rangeJson(days[0], each[index]?.billed?.to ?? null),
      usageRange: rangeJson(days[0], each[index]?.used?.to ?? null),
      ...amountsJson(each[index]?.billed ? reading.sums : null, each[index]?.used ? reading.sums : null),
    })),
    byModel:
      billed === null && used === null
        ? []
        : [...models].sort().map((model) => {
            const sums = sumOf(readings.map((reading) => reading.models.get(model) ?? noSums()))
            return { model, ...amountsJson(billed && sums, used && sums) }
          }),
    byDay: days.map((day) => {
      const sums = sumOf(readings.map((reading) => reading.days.get(day) ?? noSums()))
      const isCovered = (report: BucketReport) => readings.every((reading) => reading.covers(report, day))
      return {
        day: new Date(day).toISOString().slice(0, 10),
        ...amountsJson(isCovered('cost') ? sums : null, isCovered('usage') ? sums : null),
      }
    }),
  }
}

/** What one organisation's reports say. */
class Reading {
  readonly name: string
  readonly sums = noSums()
  readonly models = new Map<string, ApiSums>()
  readonly days = new Map<number, ApiSums>()
  /** By start of the day, until when it is known. */
  readonly #coverage = { cost: new Map<number, number>(), usage: new Map<number, number>() }

  constructor(name: string) {
    this.name = name
  }

  async readCoverage(
    ledger: Pick<OrganizationLedger, 'coverage'>,
    range: { readonly from: number; readonly to: number },
  ): Promise<void> {
    for (const report of ['cost', 'usage'] as const) {
      for (const { day, completeTo } of await ledger.coverage(this.name, report, range)) {
        this.#coverage[report].set(day, completeTo)
      }
    }
  }

  covers(report: BucketReport, day: number): boolean {
    return report !== 'claude-code' && this.#coverage[report].has(day)
  }

  /** Until when each report is known, if it is so from the first day on without a gap. */
  known(days: readonly number[]): { billed: { to: number } | null; used: { to: number } | null } {
    return { billed: knownTo(this.#coverage.cost, days), used: knownTo(this.#coverage.usage, days) }
  }

  addTo(model: string, day: number, more: ApiSums): void {
    add(this.sums, more)
    for (const [sums, key] of [[this.models, model] as const, [this.days, day] as const]) {
      const map = sums as Map<string | number, ApiSums>
      const sum = map.get(key) ?? noSums()
      map.set(key, sum)
      add(sum, more)
    }
  }
}

async function readSums(
  ledger: Pick<OrganizationLedger, 'billedCost' | 'apiUsage'>,
  days: readonly number[],
  readings: readonly Reading[],
  modelName: (id: string) => string,
): Promise<void> {
  for (let first = 0; first < days.length; first += SLICE_DAYS) {
    const edges = days.slice(first, first + SLICE_DAYS)
    const query = {
      from: edges[0] ?? 0,
      to: (edges.at(-1) ?? 0) + DAY_MS,
      by: ['organization', 'model'] as const,
      edges,
    }
    const put = (slot: number, [organization = '', model = '']: readonly string[], sums: ApiSums) =>
      readings.find(({ name }) => name === organization)?.addTo(modelName(model), edges[slot] ?? 0, sums)
    for (const { slot, group, amountPico } of await ledger.billedCost(query)) {
      put(slot, group, { ...noSums(), billedPico: amountPico })
    }
    for (const { slot, group, requests, ...row } of await ledger.apiUsage(query)) {
      const tokens = [row.input, row.cacheWrite5m, row.cacheWrite1h, row.cacheRead, row.output]
      put(slot, group, { ...noSums(), tokens, requests })
    }
    await giveWay()
  }
}

interface ApiSums {
  billedPico: bigint
  /** In the order of TOKEN_CLASSES. */
  tokens: bigint[]
  /** Null as soon as one part has no count. */
  requests: bigint | null
}

function noSums(): ApiSums {
  return { billedPico: 0n, tokens: [0n, 0n, 0n, 0n, 0n], requests: 0n }
}

function add(sum: ApiSums, more: ApiSums): void {
  sum.billedPico += more.billedPico
  sum.tokens = sum.tokens.map((value, index) => value + (more.tokens[index] ?? 0n))
  sum.requests = sum.requests === null || more.requests === null ? null : sum.requests + more.requests
}

function sumOf(all: readonly ApiSums[]): ApiSums {
  const sum = noSums()
  for (const sums of all) add(sum, sums)
  return sum
}

function amountsJson(billed: ApiSums | null, used: ApiSums | null) {
  return {
    billedCostUsd: billed && usdFromPico(billed.billedPico),
    tokens: used && tokensJson(used.tokens),
    requests: used === null || used.requests === null ? null : Number(used.requests),
  }
}

function tokensJson(tokens: readonly bigint[]): TokensJson {
  const [input = 0, cacheWrite5m = 0, cacheWrite1h = 0, cacheRead = 0, output = 0] = tokens.map(Number)
  const total = Number(tokens.reduce((sum, value) => sum + value, 0n))
  return { input, cacheWrite5m, cacheWrite1h, cacheRead, output, total }
}

/** As `claude_billed_cost_month_to_date_usd` decides: known from the first day to the newest known one. */
function knownTo(coverage: ReadonlyMap<number, number>, days: readonly number[]): { to: number } | null {
  const newest = days.findLastIndex((day) => coverage.has(day))
  if (newest === -1 || !days.slice(0, newest).every((day) => coverage.has(day))) return null
  const to = coverage.get(days[newest] ?? 0)
  return to === undefined ? null : { to }
}

function utcDays({ from, to, isOpen }: Period): number[] {
  const first = Math.ceil(from / DAY_MS) * DAY_MS
  const end = (isOpen ? Math.ceil(to / DAY_MS) : Math.floor(to / DAY_MS)) * DAY_MS
  return Array.from({ length: Math.max(0, (end - first) / DAY_MS) }, (_, index) => first + index * DAY_MS)
}

function rangeJson(from: number | undefined, to: number | null): RangeJson {
  return from === undefined || to === null ? null : { from: isoTime(from, 'UTC'), to: isoTime(to, 'UTC') }
}
