import * as z from 'zod/mini'
import { DEFAULT_ORGANIZATION } from '../core/organization.ts'
import { paidUsd } from './amounts.ts'
import { calendarDate } from './calendar-date.ts'
import { listOfObjects } from './collections.ts'
import { organizationName } from './organization.ts'
import { setting } from './setting.ts'

const topUp = z.strictObject(
  { organization: z.optional(organizationName.schema), date: calendarDate, usd: paidUsd },
  { error: 'a payment: a date and dollars' },
)

/** Settings under `balance`. */
export const balance = {
  top_ups: setting(listOfObjects(topUp, 'payments'), {
    default: [],
    about: `Money paid in beforehand, from which billed cost is taken to compute the balance: \`date\` (UTC), \`usd\` (negative for a refund) and \`organization\` (\`${DEFAULT_ORGANIZATION}\` if left out).`,
  }),
}
