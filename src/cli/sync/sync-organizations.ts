import type { App } from '../../app.ts'
import type { Config } from '../../config/config.ts'
import { apiSource, type Report } from '../../core/organization.ts'
import { addChanges, NO_CHANGES, type SyncRun } from '../../core/sync-run.ts'
import { escapeControls } from '../../lib/escape.ts'
import { apiSources } from '../../organizations.ts'
import type { Io, Output } from '../io.ts'
import { formatCount } from '../terminal/figures.ts'
import { ProgressBar } from '../terminal/progress.ts'
import { type Column, renderTable } from '../terminal/table.ts'
import type { SyncRequest } from './options.ts'

/** Reads the reports one after the other, with a progress bar on a terminal. Failures are in the runs. */
export async function syncOrganizations(
  io: Io,
  app: App,
  config: Config,
  { type, reports, range, dryRun }: SyncRequest,
): Promise<SyncRun[]> {
  const enabled = new Set(apiSources(config))
  const isWanted = (report: Report) =>
    type === report || app.organizationNames.some((name) => enabled.has(apiSource(name, report)))
  const runs: SyncRun[] = []
  for (const report of reports.filter(isWanted)) {
    let progress = { done: 0, total: 0 }
    const bar = io.stderr.isTTY ? new ProgressBar(io.stderr, `Reading ${report}`, () => progress, 'windows') : null
    try {
      runs.push(
        ...(await app.syncOrganizations({
          report,
          cause: 'command',
          dryRun,
          ...(range !== null && report !== 'directory' && { range }),
          onProgress: (done, total) => {
            progress = { done, total }
          },
        })),
      )
    } finally {
      bar?.end()
    }
  }
  return runs
}

const COLUMNS: readonly Column[] = [
  { header: 'Source', align: 'left' },
  { header: 'Range (UTC)', align: 'left', dropOrder: 2 },
  { header: 'Fetched', align: 'right' },
  { header: 'New', align: 'right' },
  { header: 'Changed', align: 'right' },
  { header: 'Removed', align: 'right', dropOrder: 4 },
  { header: 'Unchanged', align: 'right', dropOrder: 3 },
  { header: 'Requests', align: 'right', dropOrder: 5 },
  { header: 'Time', align: 'right', dropOrder: 6 },
  { header: 'Result', align: 'left' },
]

/** A row per run, and below them what went wrong. */
export function runLines(runs: readonly SyncRun[], dryRun: boolean, { style, width }: Output): string[] {
  const total = runs.reduce((sum, { changes }) => addChanges(sum, changes), NO_CHANGES)
  const rows = runs.map((run) => ({
    cells: [
      run.source,
      rangeText(run),
      ...[run.changes.fetched, run.changes.added, run.changes.changed, run.changes.removed, run.changes.unchanged].map(
        (count) => formatCount(count),
      ),
      formatCount(run.requests),
      `${(((run.endedAt ?? run.startedAt) - run.startedAt) / 1_000).toFixed(2)} s`,
      run.result,
    ],
  }))
  const failures = runs
    .filter(({ error }) => error !== null)
    .map(({ source, reason, error }) => style.yellow(escapeControls(`${source}: ${reason ?? 'failed'}: ${error}`)))
  const changed = total.added + total.changed + total.removed
  return [
    ...renderTable({ columns: COLUMNS, rows }, width, style),
    '',
    ...failures,
    ...(dryRun ? [style.dim(`Dry run: nothing was stored. ${formatCount(changed)} rows would change.`)] : []),
  ]
}

function rangeText({ from, to }: SyncRun): string {
  if (from === null || to === null) return ''
  const text = (instant: number) => new Date(instant).toISOString().slice(0, 16).replace('T', ' ')
  return `${text(from)} to ${text(to)}`
}
