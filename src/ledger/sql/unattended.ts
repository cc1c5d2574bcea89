import { SLOT_MS } from '../ledger.ts'
import { chunksOf, marksOf } from './chunks.ts'
import { slotOf } from './slot.ts'
import type { Rows } from './store.ts'

/** A session that nobody attends to for months must not cost more and more. */
const LOOK_BACK_MS = 24 * 60 * 60 * 1000

/** Requests by session and by quarter of an hour. */
type SlotCounts = ReadonlyMap<number, ReadonlyMap<number, number>>

/**
 * Requests of each session after its turn and up to an instant, of the last 24 hours at most. Whole quarters of an hour
 * come out of the rollup by its index of sessions; only the first and the last one are counted response by response.
 */
export async function requestsSince(
  rows: Rows,
  turns: ReadonlyMap<number, number>,
  until: number,
): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>()
  const firstSlots = new Map<number, number>()
  const last = slotStart(until)
  const floor = until - LOOK_BACK_MS
  for (const [session, turn] of turns) {
    counts.set(session, 0)
    if (turn < until) firstSlots.set(session, slotStart(Math.max(turn, floor)))
  }
  if (firstSlots.size === 0) return counts
  const within = await countWithin(rows, [...firstSlots.values(), last], { after: floor, until })
  const whole = await countWhole(rows, firstSlots.keys(), { after: slotStart(floor), before: last })
  for (const [session, first] of firstSlots) {
    let count = within.get(session)?.get(first) ?? 0
    if (first !== last) count += within.get(session)?.get(last) ?? 0
    for (const [slot, requests] of whole.get(session) ?? []) if (slot > first) count += requests
    counts.set(session, count)
  }
  return counts
}

/** Requests of quarters of an hour that came after the turn of their session. */
async function countWithin(
  rows: Rows,
  slots: readonly number[],
  { after, until }: { readonly after: number; readonly until: number },
): Promise<SlotCounts> {
  const counts = new Map<number, Map<number, number>>()
  for (const chunk of chunksOf(new Set(slots))) {
    const ranges = chunk.map((slot) => [Math.max(slot, after + 1), Math.min(slot + SLOT_MS, until + 1)])
    const found = await rows.all(
      `SELECT message.session_id, ${slotOf('message.at')}, CAST(SUM(message.requests) AS BIGINT)
       FROM message CROSS JOIN session
       WHERE (${ranges.map(() => 'message.at >= ? AND message.at < ?').join(' OR ')})
       AND session.id = message.session_id AND message.at > session.turn_at GROUP BY 1, 2`,
      ...ranges.flat(),
    )
    collect(counts, found)
  }
  return counts
}

/** Requests of whole quarters of an hour that begin between two instants. */
async function countWhole(
  rows: Rows,
  sessions: Iterable<number>,
  { after, before }: { readonly after: number; readonly before: number },
): Promise<SlotCounts> {
  const counts = new Map<number, Map<number, number>>()
  for (const chunk of chunksOf(sessions)) {
    const found = await rows.all(
      `SELECT session_id, slot, CAST(SUM(requests) AS BIGINT) FROM rollup
       WHERE session_id IN (${marksOf(chunk)}) AND slot > ? AND slot < ? GROUP BY session_id, slot`,
      ...chunk,
      after,
      before,
    )
    collect(counts, found)
  }
  return counts
}

function collect(counts: Map<number, Map<number, number>>, found: readonly (readonly unknown[])[]): void {
  for (const [session, slot, requests] of found) {
    const ofSession = counts.get(Number(session)) ?? new Map<number, number>()
    counts.set(Number(session), ofSession.set(Number(slot), Number(requests)))
  }
}

function slotStart(at: number): number {
  return Math.floor(at / SLOT_MS) * SLOT_MS
}
