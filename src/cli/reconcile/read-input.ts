import { amountOf, MEASURE, type Measures } from '../../core/measures.ts'
import type { BucketReport } from '../../core/organization.ts'
import { DAY_MS } from '../../core/time.ts'
import { TOKEN_CLASSES } from '../../core/usage.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { OrganizationLedger } from '../../ledger/organization.ts'
import type { DayCoverage, LocalUse, ReconcileInput } from '../../reconcile/reconcile.ts'

export type ReconcileLedger = Pick<
  Ledger & OrganizationLedger,
  'usage' | 'apiUsage' | 'billedCost' | 'coverage' | 'organizations' | 'directories'
>

/** What the session logs and the organisations say about these UTC days. */
export async function readInput(
  ledger: ReconcileLedger,
  days: readonly number[],
  configured: readonly string[],
  settleAfterMs: number,
): Promise<ReconcileInput> {
  const from = days[0] ?? 0
  const to = (days.at(-1) ?? 0) + DAY_MS
  const organizations = await concerned(ledger, { from, to }, configured)
  const coverage = (report: BucketReport) => leastCoverage(ledger, organizations, report, { from, to })
  const api = await ledger.apiUsage({
    from,
    to,
    by: ['workspace', 'model', 'service_tier', 'context_window'],
    edges: days,
  })
  const billed = await ledger.billedCost({ from, to, by: ['workspace', 'cost_type', 'service_tier'], edges: days })
  return {
    days,
    usageCoverage: await coverage('usage'),
    costCoverage: await coverage('cost'),
    local: await readLocal(ledger, days, { from, to }),
    api: api.map(({ slot, group: [workspace = '', model = '', serviceTier = '', contextWindow = ''], ...sums }) => ({
      ...sums,
      day: slot,
      workspace,
      model,
      serviceTier,
      contextWindow,
    })),
    billed: billed.map(({ slot, group: [workspace = '', costType = '', serviceTier = ''], amountPico, listPico }) => ({
      day: slot,
      workspace,
      costType,
      serviceTier,
      amountPico,
      listPico,
    })),
    settleAfterMs,
  }
}

interface Range {
  readonly from: number
  readonly to: number
}

/** Organisations that are configured, and those that were when these days were read. */
async function concerned(ledger: ReconcileLedger, range: Range, configured: readonly string[]): Promise<string[]> {
  const names = new Set(configured)
  for (const name of await ledger.organizations()) {
    if ((await ledger.coverage(name, 'cost', range)).length > 0) names.add(name)
  }
  return [...names]
}

/** Days that every one of the organisations has, as well as the one that knows them least. */
async function leastCoverage(
  ledger: ReconcileLedger,
  organizations: readonly string[],
  report: BucketReport,
  range: Range,
): Promise<ReadonlyMap<number, DayCoverage>> {
  const known = await Promise.all(organizations.map((name) => ledger.coverage(name, report, range)))
  const [first = [], ...others] = known.map((days) => new Map(days.map((day) => [day.day, day])))
  return new Map(
    [...first].flatMap(([day, covered]): [number, DayCoverage][] => {
      const all = [covered, ...others.flatMap((other) => other.get(day) ?? [])]
      if (all.length < known.length) return []
      const least = (time: (entry: DayCoverage) => number) => Math.min(...all.map(time))
      return [[day, { completeTo: least((entry) => entry.completeTo), readAt: least((entry) => entry.readAt) }]]
    }),
  )
}

async function readLocal(ledger: ReconcileLedger, days: readonly number[], range: Range): Promise<LocalUse[]> {
  const rows = await ledger.usage({
    ...range,
    by: ['model'],
    days,
    where: { provider: 'anthropic', billing: 'metered' },
  })
  return rows.map(({ day, group: [model = ''], values }) => ({
    day,
    model,
    tokens: TOKEN_CLASSES.reduce((sum, tokenClass) => sum + countOf(values, tokenClass), 0n),
    unpriced: countOf(values, 'unpriced'),
    pico: amountOf(values, 'cost_usd'),
  }))
}

function countOf(values: Measures, measure: keyof typeof MEASURE): bigint {
  return BigInt(values[MEASURE[measure]] ?? 0)
}
