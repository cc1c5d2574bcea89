import type { Generation } from '../../../core/organization.ts'
import type { SyncCause, SyncFailure, SyncResult, SyncRun } from '../../../core/sync-run.ts'
import { LedgerError } from '../../ledger.ts'
import type { RunEnd, RunStart } from '../../organization.ts'
import type { Rows } from '../rows.ts'
import type { Work } from './database.ts'

const END_COLUMNS = [
  'ended_at',
  'result',
  'generation',
  'from_at',
  'to_at',
  'attempts',
  'requests',
  'fetched',
  'added',
  'changed',
  'removed',
  'unchanged',
  'reason',
  'error',
]

/** Tells the id of the run. */
export function startRun({ rows, run }: Work, { source, cause, startedAt }: RunStart): number {
  run(
    `INSERT INTO sync_run(source, cause, started_at, result, attempts, requests, fetched, added, changed, removed, unchanged)
     VALUES(?, ?, ?, 'running', 0, 0, 0, 0, 0, 0, 0)`,
    source,
    cause,
    startedAt,
  )
  return Number(rows.one('SELECT MAX(id) FROM sync_run')?.[0])
}

/** Rejects with LedgerError for a run that is not in the log. */
export function endRun({ run }: Work, id: number, end: RunEnd): void {
  const { changes } = end
  const ended = run(
    `UPDATE sync_run SET ${END_COLUMNS.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`,
    end.endedAt,
    end.result,
    end.generation,
    end.from,
    end.to,
    end.attempts,
    end.requests,
    changes.fetched,
    changes.added,
    changes.changed,
    changes.removed,
    changes.unchanged,
    end.reason,
    end.error,
    id,
  )
  if (ended === 0) throw new LedgerError('other', `there is no run ${id} to end: it was forgotten, or never began`)
}

/** A clock that was set back does not make a run end before it began. */
export function interruptRuns({ run }: Work, now: number): number {
  return run(
    `UPDATE sync_run SET result = 'interrupted', ended_at = CASE WHEN started_at > ? THEN started_at ELSE ? END
     WHERE result = 'running'`,
    now,
    now,
  )
}

export function pruneRuns({ rows, run }: Work, before: number): number {
  const newest = (source: string, condition: string) =>
    rows.one(
      `SELECT id FROM sync_run WHERE source = ? ${condition} ORDER BY started_at DESC, id DESC LIMIT 1`,
      source,
    )?.[0] ?? 0
  let pruned = 0
  for (const [name] of rows.all('SELECT DISTINCT source FROM sync_run')) {
    const source = String(name)
    pruned += run(
      'DELETE FROM sync_run WHERE source = ? AND started_at < ? AND id <> ? AND id <> ?',
      source,
      before,
      newest(source, ''),
      newest(source, "AND result = 'ok'"),
    )
  }
  return pruned
}

export interface RunQuery {
  readonly source?: string
  readonly result?: SyncResult
  readonly since?: number
  readonly limit: number
}

/** Newest first. */
export function readRuns(rows: Rows, { source, result, since, limit }: RunQuery): SyncRun[] {
  const conditions: string[] = []
  const parameters: unknown[] = []
  const where = (condition: string, value: unknown) => {
    if (value === undefined) return
    conditions.push(condition)
    parameters.push(value)
  }
  where('source = ?', source)
  where('result = ?', result)
  where('started_at >= ?', since)
  return rows
    .all(
      `SELECT id, source, cause, started_at, ${END_COLUMNS.join(', ')} FROM sync_run
       ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
       ORDER BY started_at DESC, id DESC LIMIT ?`,
      ...parameters,
      limit,
    )
    .map(runFrom)
}

function runFrom(cells: readonly unknown[]): SyncRun {
  const [id, source, cause, startedAt, endedAt, result, generation, from, to, attempts, requests, ...rest] = cells
  const [fetched, added, changed, removed, unchanged, reason, error] = rest
  return {
    id: Number(id),
    source: String(source),
    cause: cause as SyncCause,
    startedAt: Number(startedAt),
    endedAt: optionalNumber(endedAt),
    result: result as SyncResult,
    generation: generation as Generation | null,
    from: optionalNumber(from),
    to: optionalNumber(to),
    attempts: Number(attempts),
    requests: Number(requests),
    changes: {
      fetched: Number(fetched),
      added: Number(added),
      changed: Number(changed),
      removed: Number(removed),
      unchanged: Number(unchanged),
    },
    reason: reason as SyncFailure | null,
    error: error === null ? null : String(error),
  }
}

function optionalNumber(value: unknown): number | null {
  return value === null ? null : Number(value)
}
