import { compareInt } from '../core/integer.ts'
import { accumulate, amountOf, MEASURE, type Measures, zeroMeasures } from '../core/measures.ts'
import { isoDate } from '../core/period.ts'
import { type Billing, TOKEN_CLASSES, type TokenClass } from '../core/usage.ts'
import type { Label, RateRow, StoredPart } from '../ledger/ledger.ts'
import { isEmpty } from './groups.ts'
import type { Grouping, ReportFilters, Sort } from './options.ts'
import type { Period } from './period.ts'
import type { ReportRequest } from './request.ts'
import type { ExplainSubject } from './subject.ts'
import { addTotals, addValues, emptyTotals, type Totals } from './totals.ts'

/** How a cost comes about. The amounts of the groups and of `gone` add up to `totals`, to the last digit. */
export interface Explanation {
  readonly subject: ExplainSubject
  readonly period: Period
  readonly by: readonly Grouping[]
  readonly groups: readonly ExplainedGroup[]
  /** Responses that are kept as sums alone because they are older than the retention. */
  readonly gone: Totals
  readonly totals: Totals
}

/** Responses of one model that were charged in the same way. */
export interface ExplainedGroup {
  /** Values of `by`. */
  readonly key: readonly string[]
  readonly model: string
  /** Ids the logs give the model. */
  readonly modelIds: readonly string[]
  readonly billing: Billing
  /** `recorded`: the cost stands in the log. `none`: not every token has a known price. */
  readonly origin: StoredPart['costOrigin']
  /** Null where no price is known for the model. */
  readonly rate: RateRow | null
  readonly classes: readonly ExplainedClass[]
  readonly webSearches: { readonly count: bigint; readonly costPico: bigint }
  readonly requests: bigint
  readonly unpricedTokens: bigint
  readonly costPico: bigint
  readonly values: Measures
}

export interface ExplainedClass {
  readonly tokenClass: TokenClass
  readonly tokens: bigint
  /** Whole pico-dollars per token, factors included; null where no price is known or none was needed. */
  readonly picoPerToken: number | null
  /** Null where the class has no amount of its own. */
  readonly costPico: bigint | null
}

export async function explain(subject: ExplainSubject, period: Period, request: ReportRequest): Promise<Explanation> {
  const { ledger, options, where, context } = request
  const by = options.by ?? []
  const parts = await ledger.explain({ ...period, ...(subject.kind === 'session' && { session: subject.session }) })
  const groups = new Map<string, { key: string[]; part: StoredPart; modelIds: Set<string>; values: Measures }>()
  const explained = emptyTotals()
  for (const part of parts) {
    const { label, costOrigin, rate, values } = part
    if (!matches(label, subject, where)) continue
    const key = by.map((name) => valueFor(part, name, context.timeZone))
    const id = JSON.stringify([key, label.model, label.billing, costOrigin, rate?.key])
    const group = groups.get(id) ?? { key, part, modelIds: new Set(), values: zeroMeasures() }
    groups.set(id, group)
    group.modelIds.add(label.modelId)
    accumulate(group.values, values)
    addValues(explained, label.billing, values)
  }
  const totals = await summedUsage(subject, period, request)
  const made = [...groups.values()].map(({ key, part, modelIds, values }) => toGroup(key, part, [...modelIds], values))
  return {
    subject,
    period,
    by,
    groups: sortExplained(made, options.sort ?? { key: 'cost', descending: true }),
    gone: addTotals(addTotals(emptyTotals(), totals), explained, -1),
    totals,
  }
}

function matches(label: Label, subject: ExplainSubject, where: ReportFilters): boolean {
  if (subject.kind === 'session' && label.source !== subject.source) return false
  return Object.entries(where).every(([name, value]) => label[name as keyof ReportFilters] === value)
}

function valueFor({ time, session, label }: StoredPart, name: Grouping, timeZone: string): string {
  if (name === 'day') return isoDate(time, timeZone)
  return name === 'session' ? session : label[name]
}

/** The sums the other reports show for the same thing. */
async function summedUsage(subject: ExplainSubject, period: Period, { ledger, where }: ReportRequest): Promise<Totals> {
  const totals = emptyTotals()
  const bySession = subject.kind === 'session'
  const rows = await ledger.usage({
    ...period,
    by: bySession ? ['billing', 'source', 'session'] : ['billing'],
    where,
  })
  for (const { group, values } of rows) {
    const [billing, source, session] = group
    if (bySession && (source !== subject.source || session !== subject.session)) continue
    addValues(totals, billing as Billing, values)
  }
  return totals
}

function toGroup(
  key: readonly string[],
  { label, costOrigin, rate }: StoredPart,
  modelIds: readonly string[],
  values: Measures,
): ExplainedGroup {
  const countOf = (measure: keyof typeof MEASURE) => BigInt(values[MEASURE[measure]] ?? 0)
  const classes = TOKEN_CLASSES.map((tokenClass, index): ExplainedClass => {
    const tokens = countOf(tokenClass)
    const price = costOrigin === 'recorded' ? null : (rate?.pico[index] ?? null)
    return { tokenClass, tokens, picoPerToken: price, costPico: price === null ? null : tokens * BigInt(price) }
  })
  const costPico = amountOf(values, 'cost_usd')
  const ofTokens = classes.reduce((sum, { costPico: amount }) => sum + (amount ?? 0n), 0n)
  const searches = countOf('web_searches')
  return {
    key,
    model: label.model,
    modelIds,
    billing: label.billing,
    origin: costOrigin,
    rate,
    classes,
    // A recorded cost includes them; a calculated one consists of tokens and searches, and nothing else.
    webSearches: { count: searches, costPico: costOrigin === 'recorded' ? 0n : costPico - ofTokens },
    requests: countOf('requests'),
    unpricedTokens: countOf('unpriced'),
    costPico,
    values,
  }
}

/** The largest first; what a session's times would say is the same for all of its groups. */
function sortExplained(groups: readonly ExplainedGroup[], { key, descending }: Sort): ExplainedGroup[] {
  const sign = descending ? -1 : 1
  const name = (group: ExplainedGroup) => JSON.stringify([...group.key, group.model, group.rate?.key ?? ''])
  return groups
    .filter(({ values }) => !isEmpty({ metered: values, plan: [] }))
    .sort((a, b) => {
      const byName = name(a) < name(b) ? -1 : 1
      return key === 'name' ? sign * byName : sign * compareInt(sizeOf(a, key), sizeOf(b, key)) || byName
    })
}

function sizeOf({ classes, requests, costPico }: ExplainedGroup, key: Sort['key']): bigint {
  switch (key) {
    case 'requests':
      return requests
    case 'tokens':
      return classes.reduce((sum, { tokens }) => sum + tokens, 0n)
    case 'input':
    case 'output':
    case 'cache-read': {
      const wanted = key === 'cache-read' ? 'cache_read' : key
      return classes.find(({ tokenClass }) => tokenClass === wanted)?.tokens ?? 0n
    }
    default:
      return costPico
  }
}
