import { isoDate } from '../core/period.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { isEmpty, sortGroups } from '../report/groups.ts'
import { periodJson, type UsageJson, usageJson } from '../report/json.ts'
import type { Grouping } from '../report/options.ts'
import { GROUPINGS } from '../report/options.ts'
import type { Period } from '../report/period.ts'
import { addTotals, emptyTotals, type Totals } from '../report/totals.ts'
import type { ApiContext } from './context.ts'
import { documentHead } from './head.ts'
import { organizationUsage } from './organization-usage.ts'
import { someOf, type Values } from './parameter.ts'
import { ApiProblem } from './problem.ts'
import { chooseRange, DAILY_RANGE, daysOfRange } from './range.ts'
import type { SummaryDocument, UsageDocument } from './schema/usage.ts'
import { MAX_ROWS, readParts, type Sum, type Sums, type UsageParts } from './usage-parts.ts'

/** The provider whose organisations can be read. */
const WITH_ORGANIZATIONS = 'anthropic'

export const USAGE_PARAMETERS = {
  ...DAILY_RANGE,
  by: someOf(`Also group by any of these; at most ${MAX_ROWS} rows.`, GROUPINGS),
}
type UsageValues = Values<typeof USAGE_PARAMETERS>

/** Use of one provider. Throws ApiProblem. */
export async function usageOfProvider(
  provider: string,
  values: UsageValues,
  context: ApiContext,
): Promise<UsageDocument> {
  const known = await providersOf(context.ledger)
  if (!known.includes(provider)) {
    throw new ApiProblem(404, `No use of a provider "${provider.slice(0, 100)}" is known.`, { known })
  }
  return withFrozen(context, async (ledger) => {
    const asked = await askedFor(values, ledger, context)
    const parts = await partsOf(ledger, asked, provider, context)
    return {
      ...documentHead('usage', context, asked.timeZone),
      range: periodJson(asked.period, asked.timeZone),
      ...(await providerJson(provider, parts.get(provider) ?? null, asked, ledger, context)),
    }
  })
}

/** Use of every provider. Throws ApiProblem. */
export function usageOfAll(values: UsageValues, context: ApiContext): Promise<SummaryDocument> {
  return withFrozen(context, async (ledger) => {
    const asked = await askedFor(values, ledger, context)
    const parts = await partsOf(ledger, asked, null, context)
    const names = new Set([...parts.keys(), ...(organizationsOf(context).length > 0 ? [WITH_ORGANIZATIONS] : [])])
    const groups = [...names].map((name) => ({
      key: [name],
      totals: parts.get(name)?.totals ?? emptyTotals(),
      sessions: 0,
      session: null,
    }))
    const providers = []
    for (const { key } of sortGroups(groups, { key: 'cost', descending: true })) {
      const [name = ''] = key
      providers.push(await providerJson(name, parts.get(name) ?? null, asked, ledger, context))
    }
    const organizations = providers.find(({ provider }) => provider === WITH_ORGANIZATIONS)?.organizations ?? null
    return {
      ...documentHead('summary', context, asked.timeZone),
      range: periodJson(asked.period, asked.timeZone),
      providers,
      grandTotal: context.current.complete ? grandTotal([...parts.values()], organizations) : null,
    }
  })
}

interface Asked {
  readonly period: Period
  readonly timeZone: string
  readonly days: readonly number[]
  readonly dates: readonly string[]
  readonly by: readonly Grouping[] | null
}

async function askedFor(values: UsageValues, ledger: Ledger, { at, timeZone }: ApiContext): Promise<Asked> {
  const zone = values.tz ?? timeZone
  const period = chooseRange(values, { now: at, timeZone, span: await ledger.span() })
  const days = daysOfRange(period, zone)
  return { period, timeZone: zone, days, dates: days.map((day) => isoDate(day, zone)), by: values.by ?? null }
}

/** Nothing while the history is loaded: part of it is not the use of any range. */
async function partsOf(
  ledger: Ledger,
  { period, days, dates, by }: Asked,
  provider: string | null,
  { current }: ApiContext,
): Promise<ReadonlyMap<string, UsageParts>> {
  if (!current.complete) return new Map()
  const { from, to } = period
  return readParts(ledger, { from, to, days, dates, by: by ?? [], provider })
}

async function providerJson(
  provider: string,
  parts: UsageParts | null,
  { period, days, dates, by }: Asked,
  ledger: Ledger,
  { current, modelName }: ApiContext,
): Promise<SummaryDocument['providers'][number]> {
  const organizations =
    provider === WITH_ORGANIZATIONS
      ? await organizationUsage(ledger, { period, organizations: organizationsOf({ current }), modelName })
      : null
  const usage = (totals: Totals): UsageRow => ({ ...usageJson(totals), billedCostUsd: null })
  const rows = <Row>(sums: Sums | undefined, name: (key: readonly string[]) => Row) =>
    sorted(sums).map(({ key, totals }) => ({ ...name(key), ...usage(totals) }))
  const billedCostUsd = organizations?.billedCostUsd ?? null
  return {
    provider,
    totals: current.complete ? { ...usageJson(parts?.totals ?? emptyTotals()), billedCostUsd } : null,
    byModel: rows(parts?.byModel, ([model = '']) => ({ model })),
    byAgent: rows(parts?.byAgent, ([source = '', agent = '']) => ({ source, agent })),
    byProject: rows(parts?.byProject, ([project = '']) => ({ project })),
    byDay: current.complete
      ? days.map((_, index) => ({ day: dates[index] ?? '', ...usage(parts?.byDay[index] ?? emptyTotals()) }))
      : [],
    groups:
      by &&
      rows(parts?.groups, (key) => ({
        group: Object.fromEntries(by.map((name, index) => [name, key[index] ?? ''])),
      })),
    organizations,
  }
}

type UsageRow = UsageJson & { readonly billedCostUsd: null }

/** The most expensive first, without those that come to nothing. */
function sorted(sums: Sums | undefined): readonly Sum[] {
  const groups = [...(sums?.values() ?? [])]
    .filter(({ totals }) => !isEmpty(totals))
    .map(({ key, totals }) => ({ key, totals, sessions: 0, session: null }))
  return sortGroups(groups, { key: 'cost', descending: true })
}

function grandTotal(
  parts: readonly UsageParts[],
  organizations: UsageDocument['organizations'],
): SummaryDocument['grandTotal'] {
  const totals = emptyTotals()
  for (const part of parts) addTotals(totals, part.totals)
  const all = usageJson(totals)
  const metered = usageJson({ ...emptyTotals(), metered: totals.metered })
  const plan = usageJson({ ...emptyTotals(), plan: totals.plan })
  return {
    tokens: all.tokens,
    requests: all.requests,
    webSearches: all.webSearches,
    unpricedTokens: all.unpricedTokens,
    metered: { tokens: metered.tokens, requests: metered.requests, estimatedCostUsd: metered.estimatedCostUsd },
    plan: { tokens: plan.tokens, requests: plan.requests, planValueUsd: plan.planValueUsd },
    billed: {
      billedCostUsd: organizations?.billedCostUsd ?? null,
      range: organizations?.billedRange ?? null,
    },
  }
}

function organizationsOf({ current }: Pick<ApiContext, 'current'>): readonly string[] {
  return current.organizations.organizations.map(({ organization }) => organization)
}

/** Providers of all labels that the ledger knows, and the one that is always there. */
async function providersOf(ledger: Pick<Ledger, 'labels'>): Promise<string[]> {
  const names = new Set((await ledger.labels()).map(({ provider }) => provider))
  return [...names.add(WITH_ORGANIZATIONS)].sort()
}

/** What is read in several parts has to be of one moment. */
async function withFrozen<T>({ ledger }: ApiContext, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const frozen = await ledger.freeze()
  try {
    return await work(frozen.ledger)
  } finally {
    await frozen.ledger.close()
  }
}
