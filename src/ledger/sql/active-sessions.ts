import type { SourceName } from '../../core/usage.ts'
import type { ActiveSession } from '../ledger.ts'
import { fromSums, sumColumns } from './amount.ts'
import type { Rows } from './store.ts'
import { requestsSince } from './unattended.ts'

const figures = ['input', 'cache_write_5m', 'cache_write_1h', 'output', 'cache_read', 'requests']
const columnsOf = (table: string) =>
  `message.session_id, ${table}.label_id, message.at, ${figures.map((name) => `${table}.${name}`).join(', ')}`

/** Responses of a range by its index, and what further models and rates some of them used. */
const PARTS = `SELECT ${columnsOf('message')} FROM message WHERE message.at > ? AND message.at <= ?
  UNION ALL SELECT ${columnsOf('message_part')} FROM message CROSS JOIN message_part
  WHERE message.at > ? AND message.at <= ? AND message.parts > 1 AND message_part.key = message.key`

/** Costs what the range, a quarter of an hour and a day of the rollup per session cost, however large the ledger is. */
export async function readActiveSessions(rows: Rows, since: number, until: number): Promise<ActiveSession[]> {
  // A ledger that an earlier version wrote, opened beside it, knows of no turns.
  const turn = (await rows.hasColumn('session', 'turn_at')) ? 'session.turn_at' : 'NULL'
  const found = await rows.all(
    `SELECT used.session_id, session.source, session.ext_id, used.label_id, MAX(used.at), MAX(${turn}),
       ${figures.flatMap((name) => sumColumns(`used.${name}`)).join(', ')}
     FROM (${PARTS}) used JOIN session ON session.id = used.session_id
     GROUP BY used.session_id, session.source, session.ext_id, used.label_id`,
    since,
    until,
    since,
    until,
  )
  const turns = new Map<number, number>()
  for (const [id, , , , , at] of found) if (at !== null) turns.set(Number(id), Number(at))
  const unattended = await requestsSince(rows, turns, until)
  return found.map(([id, source, session, label, last, , ...halves]) => {
    const sums = figures.map((_, index) => fromSums(halves[index * 2], halves[index * 2 + 1]))
    const [input = 0n, write5m = 0n, write1h = 0n, output = 0n, cacheRead = 0n, requests = 0n] = sums
    const newTokens = input + write5m + write1h + output
    return {
      source: source as SourceName,
      session: String(session),
      label: Number(label),
      tokens: Number(newTokens + cacheRead),
      newTokens: Number(newTokens),
      requests: Number(requests),
      unattendedRequests: unattended.get(Number(id)) ?? null,
      last: Number(last),
    }
  })
}
