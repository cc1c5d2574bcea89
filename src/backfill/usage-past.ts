import { DAY_MS } from '../core/time.ts'
import { type Ledger, SLOT_MS, type UnloggedRow } from '../ledger/ledger.ts'
import type { Snapshot } from '../view/snapshot.ts'
import { type MachineLabelMode, withLogs } from '../view/usage/machine-label.ts'
import { UsageSeries } from '../view/usage/series.ts'
import { startOfQuarterHour } from './instants.ts'
import type { Past } from './past.ts'
import { PastCounters } from './usage-counters.ts'
import { PastSessions } from './usage-sessions.ts'
import { SlotReader, type SlotReaderOptions } from './usage-slots.ts'
import { PastUnlogged } from './usage-unlogged.ts'

export interface UsagePastOptions {
  /** When the ledger was frozen, epoch milliseconds. From this instant on everything is as it is shown then. */
  readonly now: number
  /** The last instant that is asked for, epoch milliseconds. */
  readonly to: number
  /** As in UsageViewOptions. */
  readonly seriesLimit: number
  readonly machineLabel?: MachineLabelMode
}

/** Many rows for every quarter of an hour. */
const USAGE_CHUNK_MS = 7 * DAY_MS
/** Few rows, but all sessions are looked at for each chunk. */
const SESSIONS_CHUNK_MS = 90 * DAY_MS

/**
 * The counters of session logs at past instants, out of a ledger that nobody changes meanwhile. They begin at what later
 * corrections reversed, grow by what was used in each quarter of an hour, and never pass what is shown now, so that
 * they continue into the live counters. An instant before `now` within a quarter of an hour shows what its start shows.
 * The last instant shows every row that is live: one that begins between it and the first scrape would otherwise be seen
 * for the first time at its value then, and `increase()` would know nothing of that.
 */
export function createUsagePast(ledger: Ledger, options: UsagePastOptions): Past {
  let history: Promise<UsageHistory> | null = null
  return {
    async at(instant) {
      history ??= loadHistory(ledger, options)
      return (await history)(instant)
    },
  }
}

type UsageRows = Pick<Snapshot, 'complete' | 'counters' | 'unpriced' | 'unlogged' | 'perSource' | 'sessionsStarted'>
type UsageHistory = (instant: number) => Promise<UsageRows>

async function loadHistory(ledger: Ledger, options: UsagePastOptions): Promise<UsageHistory> {
  const { now, to, seriesLimit, machineLabel = 'auto' } = options
  const isShown = (zeroUntil: number) => now >= zeroUntil
  const series = new UsageSeries({ seriesLimit, windowRows: () => 0, machineLabel })
  series.noteMachines(withLogs(await ledger.machines()))
  series.addLabels(await ledger.labels())
  const totals = (await ledger.unlogged()).map((total) => ({ ...total, slot: startOfQuarterHour(total.at) }))
  const counters = new PastCounters(series, await ledger.counters(), isShown)
  const sessions = new PastSessions(series, await ledger.sessionStarts(), isShown)
  const unlogged = new PastUnlogged(totals, isShown)

  const start = (await ledger.span())?.first ?? now
  const usage = reader(start, USAGE_CHUNK_MS, (from, to) => ledger.slots(from, to))
  const starts = reader(start, SESSIONS_CHUNK_MS, (from, to) => ledger.sessionSlots(from, to))
  const rest = reader(start, SESSIONS_CHUNK_MS, async (from, to) =>
    totals.filter(({ slot }) => slot >= from && slot < to),
  )
  const moves = [
    follow(usage, counters, { now, to }),
    follow(starts, sessions, { now, to }),
    follow<InSlot & UnloggedRow>(rest, unlogged, { now, to }),
  ]
  return async (instant) => {
    for (const moveTo of moves) await moveTo(instant)
    return { complete: true, ...counters.take(), unlogged: unlogged.take(), sessionsStarted: sessions.take() }
  }
}

interface InSlot {
  readonly slot: number
}

function reader<Row extends InSlot>(start: number, chunkMs: number, read: SlotReaderOptions<Row>['read']) {
  return new SlotReader<Row>({ start, chunkMs, read })
}

/** A part of what is shown, which is told of what happened in ascending order. */
interface PastPart<Row> {
  add(row: Row): void
  /** Something that is going to be added next. */
  begin(row: Row): void
  beginAll(): void
  /** Adds all that is missing from what is shown now. */
  finish(): void
}

function follow<Row extends InSlot>(
  rows: SlotReader<Row>,
  part: PastPart<Row>,
  { now, to }: Pick<UsagePastOptions, 'now' | 'to'>,
) {
  return async (instant: number): Promise<void> => {
    if (instant >= now) {
      part.finish()
      return
    }
    const slot = startOfQuarterHour(instant)
    for await (const some of rows.take(slot)) for (const row of some) part.add(row)
    for (const row of await rows.peek(slot + SLOT_MS)) part.begin(row)
    // What is dated after now is shown at `now` too.
    if (slot + SLOT_MS >= now || instant >= to) part.beginAll()
  }
}
