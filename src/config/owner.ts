import * as z from 'zod/mini'
import {
  BILLED_CONDITIONS,
  NOT_NAMED,
  OWNER_SHARES,
  type OwnerCondition,
  UNALLOCATED,
  USAGE_CONDITIONS,
} from '../core/owner.ts'
import { calendarDate } from './calendar-date.ts'
import { listOfObjects } from './collections.ts'
import { setting } from './setting.ts'
import { choice, textMatching } from './types.ts'
import { accepting } from './value-type.ts'

const MAX_PATTERN_CHARACTERS = 512
/** As long as the value of a label may be, so that two names are two names everywhere. */
const MAX_NAME_CHARACTERS = 128

const RESERVED: readonly string[] = [UNALLOCATED, NOT_NAMED]

const chargedName = textMatching(
  'name',
  `a name of 1 to ${MAX_NAME_CHARACTERS} characters without blanks around it, other than ${RESERVED.join(' and ')}`,
  (value) =>
    value !== '' &&
    value.length <= MAX_NAME_CHARACTERS &&
    value === value.trim() &&
    isWellFormed(value) &&
    !RESERVED.includes(value),
).schema

const patterns = accepting('a text such as web or web-*, or a list of them; numbers in quotes', (value) => {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  const fine = texts.filter((item): item is string => typeof item === 'string' && isPattern(item))
  return fine.length > 0 && fine.length === texts.length ? [...new Set(fine)] : undefined
})

const conditions = Object.fromEntries(
  [...BILLED_CONDITIONS, ...USAGE_CONDITIONS].map((name) => [name, z.optional(patterns)]),
) as Record<OwnerCondition, ReturnType<typeof z.optional<typeof patterns>>>

/** A rule as written. What its keys mean together, and what rules mean to each other: owner-rules.ts. */
const rule = z.strictObject(
  {
    ...conditions,
    owner: z.optional(chargedName),
    team: z.optional(chargedName),
    cost_center: z.optional(chargedName),
    since: z.optional(calendarDate),
    until: z.optional(calendarDate),
  },
  { error: 'a rule: conditions such as project, and an owner or a team' },
)

export type OwnerEntry = z.infer<typeof rule>

/** The setting `owners`. */
export const owners = setting(listOfObjects(rule, 'rules'), {
  default: [],
  about:
    'Who is charged: rules in order, the first that matches counts. Conditions: `project`, `agent`, `machine`, `source` (of session logs) or `organization`, `workspace`, `api_key` (of the bill; ids or names), each a text with `*` or a list of them. Results: `owner`, `team`, `cost_center`. `since` and `until`: first and last day. Without conditions a rule takes what is left. Shown by `claude-usage-exporter chargeback`.',
})

/** The setting `owners_share`. */
export const ownersShare = setting(choice(OWNER_SHARES), {
  default: 'none',
  about:
    'What to do with billed cost of an organisation that has no workspace and no key, such as fees: `none` leaves it unallocated; `proportional` also shows it, in a column of its own, divided over the owners in proportion to what they were billed.',
})

function isPattern(value: string): boolean {
  return value !== '' && value.length <= MAX_PATTERN_CHARACTERS && !/\p{Cc}/u.test(value)
}

/** Without halves of surrogate pairs, which UTF-8 cannot hold. */
function isWellFormed(value: string): boolean {
  return !/\p{Cs}/u.test(value)
}
