import * as z from 'zod/mini'
import { DOCUMENT_FORMATS, type DocumentFormat } from '../core/document-format.ts'
import { parseDuration } from '../lib/duration.ts'
import { listOfObjects } from './collections.ts'
import type { Config } from './config.ts'
import { cronExpressions } from './schedule.ts'
import { setting } from './setting.ts'
import { choice, duration, textMatching, timeZone } from './types.ts'
import { accepting, type ValueType } from './value-type.ts'

/** A document that is written to a file. */
export interface ReportSettings {
  readonly format: DocumentFormat
  /** Absolute path. */
  readonly output: string
  /** Milliseconds from one writing to the next; null where cron expressions say when, or nothing does. */
  readonly everyMs: number | null
  readonly cron: readonly string[]
  /** IANA zone of the cron expressions. */
  readonly timeZone: string
}

const interval = duration('1m', '366d')

/** As it was written: a value that holds a path keeps the form of the configuration file. */
const every = accepting('a duration from 1m to 366d, such as 15m, 1h or 1d', (value) => {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  return interval.schema.safeParse(value).success ? value : undefined
})

const cron = accepting(
  'a list of cron expressions of five fields (minute hour day month weekday), such as ["0 8 * * *"]',
  (value) => {
    const parsed = cronExpressions.schema.safeParse(value)
    return parsed.success && parsed.data.length > 0 ? parsed.data : undefined
  },
)

const output = textMatching(
  'path',
  'the path of a file to write, such as reports/usage.html',
  (value) => value !== '' && value !== '-' && !/[/\\]$/.test(value),
)

const report = z.strictObject(
  {
    format: choice(DOCUMENT_FORMATS).schema,
    output: output.schema,
    every: z.optional(every),
    cron: z.optional(cron),
    time_zone: z.optional(timeZone.schema),
  },
  { error: 'a report: a format, an output, and every or cron' },
)

export type ReportEntry = z.infer<typeof report>

const reportList: ValueType<readonly ReportEntry[], ''> = {
  ...listOfObjects(report, 'reports'),
  locate: (entries, absolute) => entries.map((entry) => ({ ...entry, output: absolute(entry.output) })),
}

/** The setting `reports`. */
export const reports = setting(reportList, {
  default: [],
  about:
    'Documents to write while the exporter runs, and by `claude-usage-exporter once`: `format` (`html`: the page as one file; `markdown`: a report to read; `json`: the document of older scripts; `status`: that of `/api/status`; `section`: a marked part of a Markdown file that is there), `output` (file), and `every` (such as `1h`) or `cron` (such as `["0 8 * * *"]`) with `time_zone`. With neither, only `once` writes it.',
})

/** The documents to write, in the order written. */
export function reportsOf({
  reports: entries,
  timeZone: zone,
}: Pick<Config, 'reports' | 'timeZone'>): readonly ReportSettings[] {
  return entries.map(({ format, output: path, every: given, cron: expressions, time_zone: own }) => ({
    format,
    output: path,
    everyMs: given === undefined ? null : parseDuration(given),
    cron: expressions ?? [],
    timeZone: own ?? zone,
  }))
}
