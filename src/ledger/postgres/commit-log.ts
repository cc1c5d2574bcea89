import type { ClientBase } from 'pg'
import type { Delta } from '../ledger.ts'
import type { News } from '../machines.ts'
import { type CommitNews, decodeNews, encodeNews } from './commit-body.ts'
import { NOW_SQL } from './now-sql.ts'

/** Who has not looked for so long reads everything again. */
const LOOK_WITHIN_MS = 10 * 60_000
/** Longer than that, so that a commit that took its time is still there. */
const KEPT_MS = 15 * 60_000
const PRUNE_EVERY_MS = 60_000
const PRUNE_ROWS = 2_000
/** More than this is slower to apply than to read everything again. */
const READ_LIMIT_BYTES = 64_000_000

/** How far somebody has read what others committed. */
export interface LookedAt {
  /** A `pg_snapshot` as text: what it sees is known. */
  readonly snapshot: string
  /** Epoch milliseconds by the clock of the server. */
  readonly at: number
}

export interface Look {
  readonly lookedAt: LookedAt
  readonly changes: readonly CommitNews['changes'][number][]
  readonly organizations: boolean
  readonly reload: boolean
}

/** Adds what a transaction tells, within it. Gives the id of the row. */
export async function tell(client: ClientBase, writer: string, news: CommitNews): Promise<string> {
  const { rows } = await client.query({
    name: 'tell',
    text: 'INSERT INTO commit_log(writer, body) VALUES($1, $2) RETURNING id::text AS id',
    values: [writer, encodeNews(news)],
  })
  return String(rows[0]?.id)
}

/** The present moment: whatever is committed now is known. */
export async function lookFrom(client: ClientBase): Promise<LookedAt> {
  const { rows } = await client.query(`SELECT pg_current_snapshot()::text AS snapshot, ${NOW_SQL} AS at`)
  return { snapshot: String(rows[0]?.snapshot), at: Number(rows[0]?.at) }
}

/**
 * What was committed since then, by others or in transactions whose end was not heard of (`doubtful`, ids of rows).
 * Within a transaction that stays at one moment.
 */
export async function look(
  client: ClientBase,
  last: LookedAt,
  writer: string,
  doubtful: readonly string[],
): Promise<Look> {
  // A server that has seen fewer transactions than before is another one, or was put back to an earlier state.
  const { rows } = await client.query({
    text: `SELECT pg_current_snapshot()::text AS snapshot, ${NOW_SQL} AS at,
        pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax($1::pg_snapshot)
        OR EXISTS(SELECT 1 FROM commit_log_pruned WHERE NOT pg_visible_in_snapshot(xid, $1::pg_snapshot)) AS missed,
        (SELECT COALESCE(SUM(octet_length(body)), 0) FROM commit_log WHERE ${UNREAD}) AS bytes`,
    values: [last.snapshot, writer, doubtful],
  })
  const { snapshot, at, missed, bytes } = rows[0] ?? {}
  const lookedAt = { snapshot: String(snapshot), at: Number(at) }
  if (missed === 1 || lookedAt.at - last.at > LOOK_WITHIN_MS || Number(bytes) > READ_LIMIT_BYTES) {
    return { lookedAt, changes: [], organizations: true, reload: true }
  }
  if (Number(bytes) === 0) return { lookedAt, changes: [], organizations: false, reload: false }
  const told = await client.query({
    text: `SELECT body FROM commit_log WHERE ${UNREAD} ORDER BY id`,
    values: [last.snapshot, writer, doubtful],
  })
  const all = told.rows.map(({ body }) => decodeNews(String(body)))
  return {
    lookedAt,
    changes: all.flatMap(({ changes }) => changes),
    organizations: all.some(({ organizations }) => organizations),
    reload: all.some(({ reload }) => reload),
  }
}

const UNREAD = `xid >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot)
  AND (writer <> $2 OR id = ANY($3::bigint[]))`

/** Gives what was told revisions of the program's own sequence. */
export function toNews(told: Look, nextRevision: () => number): News {
  const { changes, organizations, reload } = told
  const deltas: Delta[] = changes.map((changed) => ({ ...changed, revision: nextRevision() }))
  return { deltas, organizations, reload }
}

export function joinNews(first: News, second: News): News {
  return {
    deltas: [...first.deltas, ...second.deltas],
    organizations: first.organizations || second.organizations,
    reload: first.reload || second.reload,
  }
}

/** Removes old rows within a transaction, at most once a minute. Remembers the last one, for those who missed it. */
export function createPruner(): (client: ClientBase, uptimeMs: number) => Promise<void> {
  let last = Number.NEGATIVE_INFINITY
  return async (client, uptimeMs) => {
    if (uptimeMs - last < PRUNE_EVERY_MS) return
    last = uptimeMs
    await client.query(
      `WITH old AS (SELECT id FROM commit_log WHERE at < ${NOW_SQL} - ${KEPT_MS} ORDER BY id LIMIT ${PRUNE_ROWS}
         FOR UPDATE SKIP LOCKED),
       gone AS (DELETE FROM commit_log WHERE id IN (SELECT id FROM old) RETURNING xid),
       known AS (DELETE FROM commit_log_pruned WHERE EXISTS(SELECT 1 FROM gone))
       INSERT INTO commit_log_pruned(xid) SELECT xid FROM gone ORDER BY xid DESC LIMIT 1`,
    )
  }
}
