import { ALERT_THRESHOLDS, type AlertThresholdValues } from '../core/alert-thresholds.ts'
import { type Budget, type BudgetBasis, isOfOrganization, type TopUp, unitOf } from '../core/budget.ts'
import { DEFAULT_ORGANIZATION } from '../core/organization.ts'
import { TOKEN_CLASSES, type TokenClass } from '../core/usage.ts'
import { alertSettingKey } from './alerts.ts'
import { type BudgetEntry, WEEKDAYS } from './budget.ts'
import { nextDate, startOfDate, utcMidnight } from './calendar-date.ts'
import { type Config, typedKey } from './config.ts'

/** Cache reads are many and cheap; counting them would drown the rest. */
const COUNTED_CLASSES: readonly TokenClass[] = ['input', 'cache_write_5m', 'cache_write_1h', 'output']

const SESSION_DATA_AGE_MS = 15 * 60_000
const ORGANIZATION_DATA_AGE_MS = 24 * 3_600_000
/** How many searches for new logs may fail before what is known of sessions counts as old. */
const MISSED_RESCANS = 3

export const DEFAULT_WARNING_RATIO = 0.75
export const DEFAULT_CRITICAL_RATIO = 0.9

/** All versions of all budgets that are turned on, in the order written. */
export function budgetsOf(config: Config): readonly Budget[] {
  return config.budgets.filter(isOn).map((entry) => budgetOf(entry, config))
}

/** The numbers the alert rules compare with, in their units. */
export function alertThresholdsOf({ alerts }: Config): AlertThresholdValues {
  const values: Readonly<Record<string, number>> = alerts
  const entries = ALERT_THRESHOLDS.map(({ name, unit }) => {
    const isTime = unit === 'seconds'
    const value = values[typedKey(alertSettingKey(name), isTime ? 'Ms' : '')] ?? Number.NaN
    return [name, isTime ? value / 1_000 : value] as const
  })
  return Object.fromEntries(entries) as AlertThresholdValues
}

/** Money put in beforehand, in the order written. */
export function topUpsOf({ balance }: Config): readonly TopUp[] {
  return balance.topUps.map(({ organization = DEFAULT_ORGANIZATION, date, usd }) => ({
    organization,
    day: utcMidnight(date),
    pico: usd,
  }))
}

export function isOn({ enabled }: BudgetEntry): boolean {
  return enabled !== false
}

/** What a budget is over, which follows from its limit unless it is written. */
export function basisOf({ basis, limit_tokens: tokens }: BudgetEntry): BudgetBasis {
  return basis ?? (tokens === undefined ? 'estimated_cost' : 'session_tokens')
}

/** From when to when a version is in force, epoch milliseconds, end exclusive; infinite where no date says so. */
export function timeInForce(entry: BudgetEntry, config: Config): { readonly since: number; readonly until: number } {
  const zone = zoneOf(entry, config)
  return {
    since: entry.since === undefined ? Number.NEGATIVE_INFINITY : startOfDate(entry.since, zone),
    until: entry.until === undefined ? Number.POSITIVE_INFINITY : startOfDate(nextDate(entry.until), zone),
  }
}

/** The provider's days are UTC. */
export function zoneOf(entry: BudgetEntry, { timeZone }: Config): string {
  return entry.time_zone ?? (isOfOrganization(basisOf(entry)) ? 'UTC' : timeZone)
}

/** Below this age, data of session logs would be called old between two looks at them. */
export function leastSessionDataAgeMs({ tail }: Config): number {
  return MISSED_RESCANS * tail.rescanMs
}

function budgetOf(entry: BudgetEntry, config: Config): Budget {
  const basis = basisOf(entry)
  const isOfTokens = unitOf(basis) === 'tokens'
  const counted = entry.token_types ?? COUNTED_CLASSES
  return {
    name: entry.name,
    origin: 'configured',
    basis,
    limit: (isOfTokens ? entry.limit_tokens : entry.limit_usd) ?? 0n,
    tokenClasses: isOfTokens ? TOKEN_CLASSES.filter((type) => counted.includes(type)) : [],
    period: {
      ...entry.period,
      weekStart: WEEKDAYS.indexOf(entry.week_starts_on ?? 'monday') + 1,
      billingDay: entry.billing_day ?? 1,
      timeZone: zoneOf(entry, config),
    },
    scope: scopeOf(entry),
    warningRatio: entry.thresholds?.warning ?? DEFAULT_WARNING_RATIO,
    criticalRatio: entry.thresholds?.critical ?? DEFAULT_CRITICAL_RATIO,
    severity: entry.severity ?? 'critical',
    owner: entry.owner ?? 'none',
    ...timeInForce(entry, config),
    maxDataAgeMs: entry.max_data_age ?? defaultDataAgeMs(basis, config),
  }
}

function scopeOf({ scope }: BudgetEntry): Budget['scope'] {
  return Object.fromEntries(Object.entries(scope ?? {}).filter(([, patterns]) => patterns !== undefined))
}

function defaultDataAgeMs(basis: BudgetBasis, config: Config): number {
  if (isOfOrganization(basis)) return ORGANIZATION_DATA_AGE_MS
  return Math.max(SESSION_DATA_AGE_MS, leastSessionDataAgeMs(config))
}
