import {
  BILLED_CONDITIONS,
  NOT_NAMED,
  type OwnerCondition,
  type OwnerConditions,
  type OwnerRule,
  type OwnerRules,
  type OwnerSettings,
  USAGE_CONDITIONS,
} from '../core/owner.ts'
import { nextDate, startOfDate } from './calendar-date.ts'
import type { Config } from './config.ts'
import type { OwnerEntry } from './owner.ts'

/** How it is found out who is charged. */
export function ownerSettingsOf(config: Pick<Config, 'owners' | 'ownersShare' | 'timeZone'>): OwnerSettings {
  return { rules: ownerRulesOf(config), share: config.ownersShare, count: config.owners.length }
}

/** The rules that say who is charged. Days of the bill are UTC, as the provider has them; all others are of the zone. */
function ownerRulesOf({ owners, timeZone }: Pick<Config, 'owners' | 'timeZone'>): OwnerRules {
  return {
    usage: owners.filter((entry) => !hasAny(entry, BILLED_CONDITIONS)).map((entry) => ruleOf(entry, timeZone)),
    billed: owners.filter((entry) => !hasAny(entry, USAGE_CONDITIONS)).map((entry) => ruleOf(entry, 'UTC')),
  }
}

export function hasAny(entry: OwnerEntry, names: readonly OwnerCondition[]): boolean {
  return names.some((name) => entry[name] !== undefined)
}

/** What must hold for a rule to count. */
export function conditionsOf(entry: OwnerEntry): OwnerConditions {
  return Object.fromEntries(
    [...BILLED_CONDITIONS, ...USAGE_CONDITIONS].flatMap((name) => {
      const patterns = entry[name]
      return patterns === undefined ? [] : [[name, patterns]]
    }),
  )
}

function ruleOf(entry: OwnerEntry, timeZone: string): OwnerRule {
  const { owner = NOT_NAMED, team = NOT_NAMED, cost_center: costCenter = NOT_NAMED, since, until } = entry
  return {
    conditions: conditionsOf(entry),
    charged: { owner, team, costCenter },
    since: since === undefined ? Number.NEGATIVE_INFINITY : startOfDate(since, timeZone),
    until: until === undefined ? Number.POSITIVE_INFINITY : startOfDate(nextDate(until), timeZone),
  }
}
