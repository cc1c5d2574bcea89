import * as z from 'zod/mini'
import { BUDGET_BASES, type PeriodKind, type ScopeLabel } from '../core/budget.ts'
import { TOKEN_CLASSES } from '../core/usage.ts'
import { limitInTokens, limitInUsd } from './amounts.ts'
import { calendarDate } from './calendar-date.ts'
import { listOfObjects } from './collections.ts'
import { setting } from './setting.ts'
import { choice, duration, integer, text, textMatching, timeZone, toggle } from './types.ts'
import { accepting } from './value-type.ts'

/** In the order of ISO 8601: the first is day 1. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

const SEVERITIES = ['warning', 'critical'] as const

const CALENDAR_PERIODS = ['hour', 'day', 'week', 'month', 'quarter'] as const
const MAX_ROLLING_DAYS = 366
const MAX_PATTERN_CHARACTERS = 512

const budgetName = textMatching('name', 'a name of 1 to 63 letters, digits, _, . and -', (value) =>
  /^[A-Za-z0-9_.-]{1,63}$/.test(value),
)

const period = accepting(
  `hour, day, week, month, quarter, or a number of days from 1d to ${MAX_ROLLING_DAYS}d that always end now, such as 7d`,
  (value): { readonly kind: PeriodKind; readonly days: number } | undefined => {
    const kind = CALENDAR_PERIODS.find((word) => word === value)
    if (kind !== undefined) return { kind, days: 0 }
    const days = typeof value === 'string' && /^\d{1,3}d$/.test(value) ? Number.parseInt(value, 10) : 0
    return days >= 1 && days <= MAX_ROLLING_DAYS ? { kind: 'rolling', days } : undefined
  },
)

const share = accepting(
  'a share of the limit above 0 and at most 1 (from 1 on a budget is exceeded anyway), such as 0.75',
  (value) => (typeof value === 'number' && value > 0 && value <= 1 ? value : undefined),
)

const patterns = accepting('a text such as web or web-*, or a list of them; numbers in quotes', (value) => {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  const fine = texts.filter((item): item is string => typeof item === 'string' && isPattern(item))
  return fine.length > 0 && fine.length === texts.length ? [...new Set(fine)] : undefined
})

const scope = {
  source: z.optional(patterns),
  agent: z.optional(patterns),
  project: z.optional(patterns),
  provider: z.optional(patterns),
  model: z.optional(patterns),
  machine: z.optional(patterns),
  organization: z.optional(patterns),
  workspace: z.optional(patterns),
  api_key: z.optional(patterns),
} satisfies Record<ScopeLabel, unknown>

/** One version of a budget as written, with amounts as whole numbers. What its keys mean together: budget-rules.ts. */
const budget = z.strictObject(
  {
    name: budgetName.schema,
    limit_usd: z.optional(limitInUsd),
    limit_tokens: z.optional(limitInTokens),
    basis: z.optional(choice(BUDGET_BASES).schema),
    token_types: z.optional(
      z
        .array(choice(TOKEN_CLASSES).schema, { error: `a list of ${TOKEN_CLASSES.join(', ')}` })
        .check(z.minLength(1, { error: `at least one of ${TOKEN_CLASSES.join(', ')}` })),
    ),
    period,
    week_starts_on: z.optional(choice(WEEKDAYS).schema),
    billing_day: z.optional(integer(1, 31).schema),
    time_zone: z.optional(timeZone.schema),
    scope: z.optional(z.strictObject(scope, { error: 'labels with what they must match, such as {agent: web}' })),
    thresholds: z.optional(
      z.strictObject(
        { warning: z.optional(share), critical: z.optional(share) },
        { error: 'shares of the limit, such as {warning: 0.75, critical: 0.9}' },
      ),
    ),
    owner: z.optional(text.schema),
    severity: z.optional(choice(SEVERITIES).schema),
    enabled: z.optional(toggle.schema),
    since: z.optional(calendarDate),
    until: z.optional(calendarDate),
    max_data_age: z.optional(duration('1s', '366d').schema),
  },
  { error: 'a budget: a name, limit_usd or limit_tokens, a period' },
)

export type BudgetEntry = z.infer<typeof budget>

/** The setting `budgets`. */
export const budgets = setting(listOfObjects(budget, 'budgets'), {
  default: [],
  about:
    'Limits to hold spending against: `name`; `limit_usd` or `limit_tokens`; `basis` (`estimated_cost`, `plan_value`, `billed_cost`; `session_tokens`, `api_tokens`) and `token_types` (all but `cache_read`); `period` (`hour`, `day`, `week`, `month`, `quarter`, or rolling days such as `7d`) with `week_starts_on`, `billing_day` and `time_zone`; `scope` (labels and what they must match); `thresholds` (`warning`: 0.75, `critical`: 0.9); `severity`, `owner`, `enabled`; `since` and `until` (first and last day; entries of one name are its versions); `max_data_age`. All of them explained: `claude-usage-exporter.example.yml`.',
})

function isPattern(value: string): boolean {
  return value !== '' && value.length <= MAX_PATTERN_CHARACTERS && !/\p{Cc}/u.test(value)
}
