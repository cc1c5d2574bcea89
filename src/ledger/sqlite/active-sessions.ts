import type { SourceName } from '../../core/usage.ts'
import { type ActiveSession, SLOT_MS } from '../ledger.ts'
import type { Rows } from './rows.ts'

/** A session that nobody attends to for months must not cost more and more. */
const LOOK_BACK_MS = 24 * 60 * 60 * 1000

const newTokens = 'input + cache_write_5m + cache_write_1h + output'
const figures = ['requests', 'input', 'cache_write_5m', 'cache_write_1h', 'cache_read', 'output']
const columnsOf = (table: string) =>
  `message.session_id, ${table}.label_id, message.at, ${figures.map((name) => `${table}.${name}`).join(', ')}`

/** Responses of a range by its index, and what further models and rates some of them used. */
const PARTS = `SELECT ${columnsOf('message')} FROM message WHERE message.at > ? AND message.at <= ?
  UNION ALL SELECT ${columnsOf('message_part')} FROM message CROSS JOIN message_part
  WHERE message.at > ? AND message.at <= ? AND message.parts > 1 AND message_part.key = message.key`

/** Costs what the range, a quarter of an hour and a day of the rollup per session cost, however large the ledger is. */
export function readActiveSessions(rows: Rows, since: number, until: number): ActiveSession[] {
  const turns = new Map<number, number>()
  const found = rows.all(
    `SELECT used.session_id, session.source, session.ext_id, used.label_id, TOTAL(${newTokens} + cache_read),
       TOTAL(${newTokens}), TOTAL(requests), MAX(used.at), ${turnColumn(rows)}
     FROM (${PARTS}) used JOIN session ON session.id = used.session_id GROUP BY used.session_id, used.label_id`,
    since,
    until,
    since,
    until,
  )
  for (const row of found) {
    const turn = row.at(-1)
    if (turn !== null && turn !== undefined) turns.set(Number(row[0]), Number(turn))
  }
  const unattended = requestsSince(rows, turns, until)
  return found.map(([id, source, session, label, tokens, fresh, requests, last]) => ({
    source: source as SourceName,
    session: String(session),
    label: Number(label),
    tokens: Number(tokens),
    newTokens: Number(fresh),
    requests: Number(requests),
    unattendedRequests: unattended.get(Number(id)) ?? null,
    last: Number(last),
  }))
}

/** A ledger that an earlier version wrote, opened beside it, knows of no turns. */
function turnColumn(rows: Rows): string {
  const known = rows.one("SELECT 1 FROM pragma_table_info('session') WHERE name = 'turn_at'") !== undefined
  return known ? 'session.turn_at' : 'NULL'
}

/**
 * Requests of each session after its turn and up to an instant, of the last 24 hours at most. Whole quarters of an hour come out of the rollup by its
 * index of sessions; only the first and the last one are counted response by response.
 */
function requestsSince(rows: Rows, turns: ReadonlyMap<number, number>, until: number): ReadonlyMap<number, number> {
  const last = slotOf(until)
  const floor = until - LOOK_BACK_MS
  const counted = new Map<number, ReadonlyMap<number, number>>()
  const within = (slot: number, session: number): number => {
    const known = counted.get(slot) ?? countWithin(rows, slot, floor, until)
    counted.set(slot, known)
    return known.get(session) ?? 0
  }
  return new Map(
    [...turns].map(([session, turn]) => {
      if (turn >= until) return [session, 0]
      const first = slotOf(Math.max(turn, floor))
      if (first === last) return [session, within(last, session)]
      const between = rows.one(
        'SELECT TOTAL(requests) FROM rollup WHERE session_id = ? AND slot > ? AND slot < ?',
        session,
        first,
        last,
      )
      return [session, within(first, session) + Number(between?.[0] ?? 0) + within(last, session)]
    }),
  )
}

/** Requests of a quarter of an hour that came after the turn of their session, per session. */
function countWithin(rows: Rows, slot: number, floor: number, until: number): ReadonlyMap<number, number> {
  return new Map(
    rows
      .all(
        `SELECT message.session_id, TOTAL(message.requests) FROM message CROSS JOIN session
         WHERE message.at >= ? AND message.at < ? AND message.at > ? AND message.at <= ?
         AND session.id = message.session_id AND message.at > session.turn_at GROUP BY message.session_id`,
        slot,
        slot + SLOT_MS,
        floor,
        until,
      )
      .map(([session, requests]) => [Number(session), Number(requests)]),
  )
}

function slotOf(at: number): number {
  return Math.floor(at / SLOT_MS) * SLOT_MS
}
