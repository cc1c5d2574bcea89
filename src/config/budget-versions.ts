import { unitOf } from '../core/budget.ts'
import { isoDate } from '../core/period.ts'
import type { BudgetEntry } from './budget.ts'
import { basisOf, isOn, timeInForce, zoneOf } from './budgets.ts'
import type { Config } from './config.ts'
import type { RuleProblem, WhereGiven } from './rules.ts'

/** Versions of one budget share its unit and follow each other. Those that are turned off do not count. */
export function versionProblems(config: Config, where: WhereGiven): RuleProblem[] {
  const versions = config.budgets
    .map((entry, index) => ({ entry, index, ...timeInForce(entry, config) }))
    .filter(({ entry }) => isOn(entry) && hasOneLimit(entry))
  return versions.flatMap((later, position) => {
    const { name } = later.entry
    const others = versions.slice(0, position).filter(({ entry }) => entry.name === name)
    return others.flatMap((earlier) => {
      const place = where('budgets', [earlier.index])
      if (unitOf(basisOf(earlier.entry)) !== unitOf(basisOf(later.entry))) {
        const text = `the other budget "${name}" (${place}) has a limit in another unit`
        return [{ within: [later.index], text, fix: `Give one of the budgets "${name}" another name.` }]
      }
      const since = Math.max(earlier.since, later.since)
      const until = Math.min(earlier.until, later.until)
      if (since >= until) return []
      const text = `two versions of budget "${name}" are in force ${span(since, until, zoneOf(later.entry, config))}; the other is ${place}`
      const fix = `End the earlier version of budget "${name}" with until and begin the later one with since, on the day after; or give one of them another name.`
      return [{ within: [later.index], text, fix }]
    })
  })
}

/** Without, nothing can be said about its unit. */
function hasOneLimit({ limit_usd: usd, limit_tokens: tokens }: BudgetEntry): boolean {
  return (usd === undefined) !== (tokens === undefined)
}

function span(since: number, until: number, zone: string): string {
  if (since === Number.NEGATIVE_INFINITY && until === Number.POSITIVE_INFINITY) return 'at any time'
  if (since === Number.NEGATIVE_INFINITY) return `until ${isoDate(until - 1, zone)}`
  if (until === Number.POSITIVE_INFINITY) return `from ${isoDate(since, zone)} on`
  return `from ${isoDate(since, zone)} to ${isoDate(until - 1, zone)}`
}
