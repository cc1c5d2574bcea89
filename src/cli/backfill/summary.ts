import { parse, relative } from 'node:path'
import type { Backfilled } from '../../backfill/backfill.ts'
import { DAY_MS } from '../../core/time.ts'
import { localTime } from '../../report/period.ts'
import { formatBytes, formatCount } from '../terminal/figures.ts'
import type { ChosenRange } from './range.ts'

export interface BackfillSummary {
  readonly written: Backfilled
  readonly range: ChosenRange
  /** Complete files, in their order; none on standard output. */
  readonly files: readonly string[]
  readonly workingFolder: string
  /** Epoch milliseconds. */
  readonly now: number
  readonly timeZone: string
}

/** What was written, in words; lines that begin with a blank are to be copied. */
export function summaryLines(summary: BackfillSummary): string[] {
  const { written, range, timeZone } = summary
  const { series, samples, bytes } = written
  const end = `${localTime(range.to, timeZone)}, ${timeZone}`
  const where = placeOf(summary)
  if (series === 0) {
    return [
      `The ledger knows of nothing before ${end}.`,
      `Wrote ${where}, complete but without samples. There is nothing to make blocks of.`,
    ]
  }
  return [
    `Wrote ${where}: ${localTime(range.from, timeZone)} to ${end};`,
    `${formatCount(series)} series, ${formatCount(samples)} samples, ${formatBytes(bytes)}.`,
    '',
    ...nextSteps(summary),
  ]
}

function nextSteps({ range, files, now, workingFolder }: BackfillSummary): string[] {
  const [first, second] = files.map((file) => shownPath(file, workingFolder))
  const command = (file: string) =>
    `promtool tsdb create-blocks-from openmetrics --max-block-duration=162h ${file} PROMETHEUS_DATA_FOLDER`
  return [
    range.reachesInto === 'now' ? 'Next, before Prometheus starts for the first time, or 4 hours from now:' : 'Next:',
    second === undefined || first === undefined
      ? `  ${command(first === undefined ? 'FILE' : shellWord(first))}`
      : `  for file in ${patternOf(first)}; do ${command('"$file"')}; done`,
    `Prometheus deletes what is older than its retention, 15 days unless told otherwise: set --storage.tsdb.retention.time=${retentionDays(range.from, now)}d or more before, or these blocks are gone at its next start.`,
  ]
}

/** Fits the files of all days. */
function patternOf(path: string): string {
  const { ext } = parse(path)
  return `${shellWord(path.slice(0, -ext.length - 'yyyy-mm-dd'.length))}????-??-??${ext === '' ? '' : shellWord(ext)}`
}

/** Room for the history and a year more. */
function retentionDays(from: number, now: number): number {
  return Math.ceil((now - from) / DAY_MS) + 400
}

function placeOf({ files, workingFolder }: BackfillSummary): string {
  const [first, last] = [files[0], files.at(-1)]
  if (first === undefined || last === undefined) return 'standard output'
  if (files.length === 1) return shownPath(first, workingFolder)
  return `${files.length} files, ${shownPath(first, workingFolder)} to ${shownPath(last, workingFolder)}`
}

function shownPath(path: string, workingFolder: string): string {
  const inside = relative(workingFolder, path)
  return inside.startsWith('..') ? path : inside
}

function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
