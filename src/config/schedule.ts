import { isTimeZone } from '../lib/time-zone.ts'
import { listOf } from './collections.ts'
import { textMatching } from './types.ts'

/** Highest number in each field: minute, hour, day of month, month, day of week. */
const HIGHEST = [59, 23, 31, 12, 7] as const
const NAMED = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/

const cronExpression = textMatching(
  'cron expression',
  'a cron expression of five fields (minute hour day month weekday), such as "0 8,18 * * 1-5"',
  isCron,
)

/** In the environment separated by `;`, because expressions contain commas. */
export const cronExpressions = listOf(cronExpression, 'cron expressions', ';')

/** `''`, or `HH:MM-HH:MM`, where `24:00` may end them. */
export const activeHours = textMatching(
  'hours',
  'hours such as 08:00-18:00 or 22:00-06:00',
  (value) => value === '' || isHours(value),
)

export const timeZoneOrNone = textMatching(
  'time zone',
  'an IANA time zone such as Europe/Berlin or UTC',
  (value) => value === '' || isTimeZone(value),
)

/** Only what a reader can see at once: whoever runs the schedule knows the whole grammar. */
function isCron(value: string): boolean {
  const fields = value.trim().split(/\s+/)
  if (fields.length === 1) return NAMED.test(fields[0] ?? '')
  return fields.length === HIGHEST.length && fields.every((field, index) => isCronField(field, HIGHEST[index] ?? 0))
}

function isCronField(field: string, highest: number): boolean {
  if (!/^[\dA-Za-z*/,#?-]+$/.test(field)) return false
  const numbers = field.replace(/[/#]\d+/g, '').match(/\d+/g) ?? []
  return numbers.every((number) => Number(number) <= highest)
}

function isHours(value: string): boolean {
  const match = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.exec(value)
  return match !== null && match[1] !== match[2]
}
