import { OperatorError } from '../../core/errors.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { closest } from '../../lib/suggest.ts'
import { DEFAULT_DAYS } from '../../report/group-report.ts'
import { GROUPINGS, type ReportFilters } from '../../report/options.ts'
import { choosePeriod, type Period } from '../../report/period.ts'
import { filtersOf } from '../../report/request.ts'
import type { ExportOptions } from './command.ts'
import { API_GROUPINGS, DEFAULT_API_BY, organizationTable } from './organization-table.ts'
import type { ExportTable } from './table.ts'
import { completeGroupings, DEFAULT_USAGE_BY, usageTable } from './usage-table.ts'

export interface ChosenTable {
  readonly table: ExportTable
  readonly period: Period
  readonly timeZone: string
  readonly by: readonly string[]
  readonly filters: ReportFilters
}

interface Place {
  /** Epoch milliseconds. */
  readonly now: number
  /** The configured one. */
  readonly timeZone: string
}

/** The table that the command line asks for. Rejects with OperatorError where its options do not fit each other. */
export async function chooseTable(ledger: Ledger, options: ExportOptions, place: Place): Promise<ChosenTable> {
  return options.type === 'usage' ? chooseUsage(ledger, options, place) : chooseOrganization(ledger, options, place)
}

async function chooseUsage(ledger: Ledger, options: ExportOptions, place: Place): Promise<ChosenTable> {
  const timeZone = options.tz ?? place.timeZone
  const period = choosePeriod(options, DEFAULT_DAYS, { now: place.now, timeZone, span: await ledger.span() })
  const by = completeGroupings(groupings(options.by, GROUPINGS) ?? DEFAULT_USAGE_BY)
  const filters = filtersOf({ ...options })
  return { table: usageTable({ ledger, period, timeZone, by, where: filters }), period, timeZone, by, filters }
}

const UTC = 'UTC'

async function chooseOrganization(ledger: Ledger, options: ExportOptions, { now }: Place): Promise<ChosenTable> {
  const { type } = options
  if (type === 'usage') throw new TypeError('no report of an organisation')
  if (options.tz !== undefined && options.tz !== UTC) {
    throw new OperatorError('Days of an organisation are UTC days', {
      seen: `--tz ${options.tz}`,
      fix: 'Leave out --tz: the provider tells of no other days.',
    })
  }
  const refused = Object.keys(filtersOf({ ...options }))[0]
  if (refused !== undefined) {
    throw new OperatorError(`--${refused} is about session logs`, {
      seen: `--type ${type}`,
      fix: 'Leave it out; --by tells the rows of an organisation apart.',
    })
  }
  const period = choosePeriod(options, DEFAULT_DAYS, { now, timeZone: UTC, span: await spanOf(ledger, type, now) })
  const by = groupings(options.by, API_GROUPINGS) ?? DEFAULT_API_BY[type]
  const { from, to } = period
  return { table: organizationTable({ ledger, type, from, to, by }), period, timeZone: UTC, by, filters: {} }
}

/** The days that were read of any organisation; null where there are none. */
async function spanOf(ledger: Ledger, type: 'billed' | 'api', now: number) {
  const report = type === 'billed' ? 'cost' : 'usage'
  const starts: number[] = []
  for (const organization of await ledger.organizations()) {
    const [first] = await ledger.coverage(organization, report, { from: 0, to: now })
    if (first !== undefined) starts.push(first.day)
  }
  return starts.length === 0 ? null : { first: Math.min(...starts), last: now }
}

function groupings<Name extends string>(words: readonly string[] | undefined, names: readonly Name[]) {
  return words?.map((word) => {
    const known = names.find((name) => name === word)
    if (known !== undefined) return known
    const near = closest(word, names)
    throw new OperatorError('--by names something that rows cannot be told apart by', {
      seen: word,
      fix: `Use ${names.join(', ')}.${near === null ? '' : ` Did you mean ${near}?`}`,
    })
  })
}
