import { durationText } from '../../core/duration-text.ts'
import { isoTime } from '../../core/period.ts'
import type { SyncResult, SyncRun } from '../../core/sync-run.ts'
import { DAY_MS } from '../../core/time.ts'
import { escapeControls } from '../../lib/escape.ts'
import { localTime } from '../../report/period.ts'
import type { Output } from '../io.ts'
import { countCell, NOTHING, nameCell } from '../report/cells.ts'
import { noteLines } from '../report/notes.ts'
import type { Style } from '../terminal/style.ts'
import { type Cell, type Column, type Row, renderTable } from '../terminal/table.ts'
import { wrap } from '../terminal/wrap.ts'
import type { RunsReport } from './report.ts'

const COLUMNS: readonly Column[] = [
  { header: 'Started', align: 'left' },
  { header: 'Source', align: 'left', shrinkTo: 16 },
  { header: 'Cause', align: 'left', dropOrder: 6 },
  { header: 'Range (UTC)', align: 'left', dropOrder: 4 },
  { header: 'Attempts', align: 'right', dropOrder: 7 },
  { header: 'Fetched', align: 'right', dropOrder: 5 },
  { header: 'New', align: 'right', dropOrder: 2 },
  { header: 'Changed', align: 'right', dropOrder: 2 },
  { header: 'Removed', align: 'right', dropOrder: 3 },
  { header: 'Unchanged', align: 'right', dropOrder: 8 },
  { header: 'Time', align: 'right', dropOrder: 1 },
  { header: 'Result', align: 'left' },
]

/** Lines of the log of runs for people; under the table why runs failed. */
export function runsLines(report: RunsReport, out: Output): string[] {
  const { runs, timeZone, isFiltered } = report
  const { style, width } = out
  if (runs.length === 0) {
    const text = isFiltered
      ? 'No such runs in the log. Without --source, --failed and --days all are shown.'
      : 'No runs in the log yet. They are written where an organisation is read (admin_api.key_file, ANTHROPIC_ADMIN_KEY), by the exporter and by `sync`.'
    return wrap(text, width, 2)
  }
  const rows = runs.map((run): Row => ({ cells: cellsOf(run, report, style) }))
  const failures = runs.flatMap((run) => failureLines(run, timeZone, out))
  return [
    ...renderTable({ columns: COLUMNS, rows }, width, style),
    '',
    ...failures,
    ...noteLines('Times', `${timeZone}; ranges in UTC, ends excluded.`, out),
  ]
}

function cellsOf(run: SyncRun, { now, timeZone }: RunsReport, style: Style): (Cell | string)[] {
  const { changes } = run
  return [
    isoTime(run.startedAt, timeZone).slice(0, 19).replace('T', ' '),
    nameCell(run.source),
    run.cause.replaceAll('_', ' '),
    rangeText(run),
    countCell(run.attempts),
    countCell(changes.fetched),
    countCell(changes.added),
    countCell(changes.changed),
    countCell(changes.removed),
    countCell(changes.unchanged),
    runDurationText((run.endedAt ?? now) - run.startedAt),
    { text: run.reason === null ? run.result : `${run.result}: ${run.reason}`, paint: paintOf(run.result, style) },
  ]
}

/** Whole days as days: `2026-05-01 to 2026-05-04`, else with times. */
function rangeText({ from, to }: SyncRun): string {
  if (from === null || to === null) return NOTHING
  const isDays = from % DAY_MS === 0 && to % DAY_MS === 0
  const [first, last] = [from, to].map((instant) => localTime(instant, 'UTC').slice(0, isDays ? 10 : 16))
  return `${first} to ${last}`
}

function runDurationText(ms: number): string {
  return ms < 10_000 ? `${(Math.max(0, ms) / 1_000).toFixed(1)} s` : durationText(ms)
}

function paintOf(result: SyncResult, style: Style) {
  if (result === 'ok') return style.green
  return result === 'failed' ? style.red : style.yellow
}

function failureLines({ startedAt, source, reason, error }: SyncRun, timeZone: string, out: Output): string[] {
  if (reason === null && error === null) return []
  const when = isoTime(startedAt, timeZone).slice(0, 19).replace('T', ' ')
  const text = `${when} ${source}: ${reason ?? 'stopped'}${error === null ? '' : `, ${error}`}`
  return wrap(escapeControls(text), out.width, 2).map(out.style.yellow)
}
