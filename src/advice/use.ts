import { accumulate, amountOf, MEASURE, type Measures, zeroMeasures } from '../core/measures.ts'
import { type Billing, TOKEN_CLASSES, type TokenClass } from '../core/usage.ts'
import { hasUse } from '../report/totals.ts'
import { labelValue } from '../view/labels.ts'
import type { AdviceUsage } from './advice.ts'

/** In the order in which names stand in labels. */
const NAMES = ['source', 'agent', 'project', 'provider', 'model'] as const
export type UseName = (typeof NAMES)[number]

/** Use under one kind of billing: what costs money and what a plan covers never meet in one sum. */
export interface Use {
  /** As shown in labels; `''` where it was not grouped by. */
  readonly names: Readonly<Record<UseName, string>>
  readonly billing: Billing
  readonly values: Measures
  /** Local days since any of it was last seen; 0 is today. */
  readonly daysAgo: number
}

/** Over a weekend what goes on at work is not seen for so many days. */
const GOES_ON_DAYS = 3

/** Whether it can be expected to go on: no pace of a week says so of what ended in it. */
export function goesOn({ daysAgo }: { readonly daysAgo: number }): boolean {
  return daysAgo <= GOES_ON_DAYS
}

/** The main conversation of an agent, and agents without a name of their own. */
export const MAIN_AGENT = 'none'

/** Sums per combination of the names, sorted by them; the order of the rows does not matter. */
export function groupUse(rows: readonly AdviceUsage[], billing: Billing, by: readonly UseName[]): readonly Use[] {
  const groups = new Map<string, Use>()
  for (const row of rows) {
    if (!hasUse(row.totals, billing)) continue
    const nameOf = (name: UseName) => (by.includes(name) ? labelValue(row[name]) : '')
    const key = JSON.stringify(NAMES.map(nameOf))
    const names = Object.fromEntries(NAMES.map((name) => [name, nameOf(name)])) as Use['names']
    const { values, daysAgo } = groups.get(key) ?? { values: zeroMeasures(), daysAgo: row.daysAgo }
    accumulate(values, row.totals[billing])
    groups.set(key, { names, billing, values, daysAgo: Math.min(daysAgo, row.daysAgo) })
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use)
}

export function sumUse(uses: readonly Pick<Use, 'values'>[]): Pick<Use, 'values'> {
  return { values: uses.reduce((sum, { values }) => accumulate(sum, values), zeroMeasures()) }
}

export function useTokens({ values }: Pick<Use, 'values'>, tokenClass: TokenClass): bigint {
  return BigInt(values[MEASURE[tokenClass]] ?? 0)
}

/** Of all classes. */
export function useTotal(use: Pick<Use, 'values'>): bigint {
  return TOKEN_CLASSES.reduce((sum, tokenClass) => sum + useTokens(use, tokenClass), 0n)
}

/** Of all classes but output. */
export function usePrompt(use: Pick<Use, 'values'>): bigint {
  return useTotal(use) - useTokens(use, 'output')
}

export function useRequests({ values }: Pick<Use, 'values'>): bigint {
  return BigInt(values[MEASURE.requests] ?? 0)
}

/** Pico-dollars, as calculated or recorded: what was paid, or what a plan covered. */
export function useCostPico({ values }: Pick<Use, 'values'>): bigint {
  return amountOf(values, 'cost_usd')
}

/** Names that it was grouped by, by the names of the labels. */
export function labelsOf({ names }: Pick<Use, 'names'>): Readonly<Record<string, string>> {
  return Object.fromEntries(NAMES.filter((name) => names[name] !== '').map((name) => [name, names[name]]))
}
