import { type Command, InvalidArgumentError, Option } from 'commander'
import { SOURCE_NAMES } from '../../core/usage.ts'
import { closest } from '../../lib/suggest.ts'
import { isTimeZone } from '../../lib/time-zone.ts'
import {
  FILTERS,
  type Filter,
  GROUPINGS,
  type Grouping,
  type ReportOptions,
  SORT_KEYS,
  type Sort,
} from '../../report/options.ts'

/** The options all reports share, as parsed. */
export interface CommandOptions extends ReportOptions {
  readonly tz?: string
  readonly json?: boolean
  readonly sync: boolean
}

const PERIOD = 'Period:'
const TABLE = 'Rows:'
const FILTER = 'Filters (exact names):'
const OUTPUT = 'Output:'

export function addReportOptions(command: Command): Command {
  const add = (group: string, flags: string, about: string, parse?: (text: string) => unknown) => {
    const option = new Option(flags, about).helpGroup(group)
    if (parse) option.argParser(parse)
    command.addOption(option)
  }
  add(PERIOD, '--days <n>', 'The last N local days, today included, or `all`.', parseDays)
  add(
    PERIOD,
    '--since <when>',
    'Begin: a day (2026-05-04), month (2026-05), time (2026-05-04T09:30), today, yesterday.',
  )
  add(PERIOD, '--until <when>', 'End, in the same forms; a day or month is included.')
  add(PERIOD, '--tz <zone>', 'Zone of days and times, such as Europe/Berlin, instead of the configured one.', parseZone)
  add(TABLE, '--by <list>', `Group further, by any of ${GROUPINGS.join(', ')}; several with commas.`, parseGroupings)
  add(TABLE, '--sort <key>', `One of ${SORT_KEYS.join(', ')}; add :asc or :desc to turn the order.`, parseSort)
  add(TABLE, '--top <n>', 'Only the first N rows; the rest is added up in one.', parseTop)
  for (const filter of FILTERS) {
    const words = CLOSED_LISTS[filter]
    add(FILTER, `--${filter} <name>`, ABOUT_FILTER[filter], words && ((text) => oneOf(text, words)))
  }
  add(OUTPUT, '--json', 'JSON with exact numbers instead of a table (schemaVersion 1).')
  add(OUTPUT, '--no-sync', 'Show what the ledger holds without reading the logs first.')
  return command
}

const ABOUT_FILTER: Readonly<Record<Filter, string>> = {
  source: `Only this source: ${SOURCE_NAMES.join(', ')}.`,
  agent: 'Only this agent; `none` is the main one.',
  project: 'Only this project.',
  model: 'Only this model.',
  provider: 'Only this provider.',
  branch: 'Only this git branch.',
  billing: 'Only `metered` use, or only what a `plan` covers.',
  machine: 'Only what the logs of this machine told of first.',
}

/** Filters whose values are ours, so that a misspelt one is an error and no empty report. */
const CLOSED_LISTS: Partial<Readonly<Record<Filter, readonly string[]>>> = {
  source: SOURCE_NAMES,
  billing: ['metered', 'plan'],
}

function parseDays(text: string): number | 'all' {
  if (text === 'all') return 'all'
  return wholeNumber(text, 36_500, 'Give a number of days from 1 on, or `all`.')
}

function parseTop(text: string): number {
  return wholeNumber(text, 1_000_000, 'Give a number of rows from 1 on.')
}

function wholeNumber(text: string, max: number, hint: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > max) throw new InvalidArgumentError(hint)
  return value
}

function parseZone(text: string): string {
  if (!isTimeZone(text)) throw new InvalidArgumentError('Give an IANA time zone such as Europe/Berlin or UTC.')
  return text
}

function parseGroupings(text: string): Grouping[] {
  return [...new Set(text.split(',').map((word) => oneOf(word.trim(), GROUPINGS)))]
}

function parseSort(text: string): Sort {
  const [, word = '', order] = /^(.*?)(?::(asc|desc))?$/.exec(text) ?? []
  const key = oneOf(word, SORT_KEYS)
  return { key, descending: order === undefined ? key !== 'name' : order === 'desc' }
}

function oneOf<Word extends string>(text: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === text)
  if (word !== undefined) return word
  const near = closest(text, words)
  throw new InvalidArgumentError(`Use ${words.join(', ')}.${near === null ? '' : ` Did you mean ${near}?`}`)
}
