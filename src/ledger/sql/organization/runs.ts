import type { Generation } from '../../../core/organization.ts'
import type { SyncCause, SyncFailure, SyncResult, SyncRun } from '../../../core/sync-run.ts'
import { LedgerError } from '../../ledger.ts'
import type { RunEnd, RunStart } from '../../organization.ts'
import { toNumberOrNull } from '../integer.ts'
import type { Db, Rows } from '../store.ts'

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
export async function startRun(db: Db, machineId: number, { source, cause, startedAt }: RunStart): Promise<number> {
  const row = await db.one(
    `INSERT INTO sync_run(machine_id, source, cause, started_at, result, attempts, requests, fetched, added, changed,
       removed, unchanged)
     VALUES(?, ?, ?, ?, 'running', 0, 0, 0, 0, 0, 0, 0) RETURNING id`,
    machineId,
    source,
    cause,
    startedAt,
  )
  return Number(row?.[0])
}

/** Rejects with LedgerError for a run that is not in the log. */
export async function endRun(db: Db, id: number, end: RunEnd): Promise<void> {
  const { changes } = end
  const ended = await db.run(
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

/** Runs of the own machine. A clock that was set back does not make a run end before it began. */
export function interruptRuns(db: Db, machineId: number, now: number): Promise<number> {
  return db.run(
    `UPDATE sync_run SET result = 'interrupted', ended_at = CASE WHEN started_at > ? THEN started_at ELSE ? END
     WHERE result = 'running' AND machine_id = ?`,
    now,
    now,
    machineId,
  )
}

export async function pruneRuns(db: Db, before: number): Promise<number> {
  const newest = async (source: string, condition: string) => {
    const row = await db.one(
      `SELECT id FROM sync_run WHERE source = ? ${condition} ORDER BY started_at DESC, id DESC LIMIT 1`,
      source,
    )
    return row?.[0] ?? 0
  }
  let pruned = 0
  for (const [name] of await db.all('SELECT DISTINCT source FROM sync_run WHERE started_at < ?', before)) {
    const source = String(name)
    pruned += await db.run(
      'DELETE FROM sync_run WHERE source = ? AND started_at < ? AND id <> ? AND id <> ?',
      source,
      before,
      await newest(source, ''),
      await newest(source, "AND result = 'ok'"),
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
export async function readRuns(rows: Rows, { source, result, since, limit }: RunQuery): Promise<SyncRun[]> {
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
  const found = await rows.all(
    `SELECT id, source, cause, started_at, ${END_COLUMNS.join(', ')} FROM sync_run
     ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
     ORDER BY started_at DESC, id DESC LIMIT ?`,
    ...parameters,
    limit,
  )
  return found.map(runFrom)
}

function runFrom(cells: readonly unknown[]): SyncRun {
  const [id, source, cause, startedAt, endedAt, result, generation, from, to, attempts, requests, ...rest] = cells
  const [fetched, added, changed, removed, unchanged, reason, error] = rest
  return {
    id: Number(id),
    source: String(source),
    cause: cause as SyncCause,
    startedAt: Number(startedAt),
    endedAt: toNumberOrNull(endedAt),
    result: result as SyncResult,
    generation: generation as Generation | null,
    from: toNumberOrNull(from),
    to: toNumberOrNull(to),
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
