import type { SessionStart, SlotSessions } from '../ledger/ledger.ts'
import type { IsShown } from '../view/usage/counter-rows.ts'
import type { UsageSeries } from '../view/usage/series.ts'
import { type SessionsStartedRow, sessionRows, sessionsKey } from '../view/usage/session-rows.ts'
import { ChangedRows } from './usage-changes.ts'

/** Sessions started by past instants, each counted where its first response was. */
export class PastSessions {
  readonly #series: UsageSeries
  /** What is shown now. */
  readonly #live: ReadonlyMap<string, SessionsStartedRow>
  readonly #started = new Map<SessionsStartedRow, bigint>()
  readonly #rows: ChangedRows<SessionsStartedRow, SessionsStartedRow>

  /** The series must know all labels. */
  constructor(series: UsageSeries, starts: readonly SessionStart[], isShown: IsShown) {
    this.#series = series
    const live = sessionRows(
      starts.map(({ label, sessions }) => [label, sessions]),
      (label) => series.ofLabel(label),
      isShown,
    )
    this.#live = new Map(live.map((row) => [sessionsKey(row), row]))
    this.#rows = new ChangedRows(live, (row) => ({ ...row, sessions: this.#sessionsOf(row) }))
  }

  add(row: SlotSessions): void {
    this.begin(row)
    const live = this.#rowOf(row.label)
    if (live !== undefined) this.#start(live, (this.#started.get(live) ?? 0n) + BigInt(row.sessions))
  }

  /** Sessions that are not to be counted yet. */
  begin({ label }: SlotSessions): void {
    const live = this.#rowOf(label)
    if (live !== undefined) this.#rows.begin(live)
  }

  beginAll(): void {
    this.#rows.beginAll()
  }

  /** Counts those that are missing from what is shown now. */
  finish(): void {
    for (const live of this.#live.values()) this.#start(live, live.sessions)
    this.beginAll()
  }

  take(): readonly SessionsStartedRow[] {
    return this.#rows.take()
  }

  #start(live: SessionsStartedRow, started: bigint): void {
    const before = this.#sessionsOf(live)
    this.#started.set(live, started)
    if (this.#sessionsOf(live) !== before) this.#rows.change(live)
  }

  #rowOf(label: number): SessionsStartedRow | undefined {
    const series = this.#series.ofLabel(label)
    return series?.isExposed ? this.#live.get(sessionsKey(series.labels)) : undefined
  }

  /** Not above what is shown now, which may be 0 for a while. */
  #sessionsOf(live: SessionsStartedRow): bigint {
    const started = this.#started.get(live) ?? 0n
    return started < live.sessions ? started : live.sessions
  }
}
