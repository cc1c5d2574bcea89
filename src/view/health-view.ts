import type { RootStatus, TailMode } from '../core/status.ts'
import type { SourceName } from '../core/usage.ts'
import { LEDGER_FAILURES, type SourceTally } from '../ledger/ledger.ts'
import type { MachineRow } from '../ledger/machines.ts'
import type { Snapshot, SourceHealth } from './snapshot.ts'

export interface SourceState {
  readonly roots: readonly RootStatus[]
  readonly streams: number
  readonly tailMode: TailMode
}

/** What a snapshot shows of the exporter's own work. */
export type HealthPart = Pick<Snapshot, 'complete' | 'sources' | 'ledger' | 'sharedLedger' | 'machines'>

/** What the exporter knows of its own work: tallies from the ledger, and the present state of sources and ledger. */
export class HealthView {
  readonly #tallies = new Map<SourceName, SourceTally>()
  readonly #lastSuccess = new Map<SourceName, number>()
  readonly #errors: Record<string, number> = Object.fromEntries(LEDGER_FAILURES.map((failure) => [failure, 0]))
  isComplete = false
  ledgerUp = true
  ledgerBytes = 0
  held = 0
  #machines: readonly MachineRow[] = []
  #isShared = false
  #awaySince: number | null = null

  add(tallies: readonly SourceTally[]): void {
    for (const tally of tallies) {
      const { source } = tally
      const known = this.#tallies.get(source) ?? { source, lines: 0, bytes: 0, rejected: {}, duplicates: 0, newest: 0 }
      const rejected: Record<string, number> = { ...known.rejected }
      for (const [reason, count] of Object.entries(tally.rejected)) rejected[reason] = (rejected[reason] ?? 0) + count
      this.#tallies.set(source, {
        source,
        lines: known.lines + tally.lines,
        bytes: known.bytes + tally.bytes,
        rejected,
        duplicates: known.duplicates + tally.duplicates,
        newest: Math.max(known.newest, tally.newest),
      })
    }
  }

  /** Takes these in the place of all that were added. */
  setTallies(tallies: readonly SourceTally[]): void {
    this.#tallies.clear()
    this.add(tallies)
  }

  /** The machines that the ledger knows. */
  setMachines(rows: readonly MachineRow[]): void {
    this.#machines = rows
  }

  /** Whether other programs may write the ledger at the same time. */
  setShared(isShared: boolean): void {
    this.#isShared = isShared
  }

  /** Since when the server of the ledger cannot be reached, epoch milliseconds; null while it can. */
  setAwaySince(since: number | null): void {
    this.#awaySince = since
  }

  succeeded(source: SourceName, at: number): void {
    this.#lastSuccess.set(source, at)
  }

  ledgerFailed(failure: string): void {
    this.#errors[failure] = (this.#errors[failure] ?? 0) + 1
    this.ledgerUp = false
  }

  part(sources: readonly (readonly [SourceName, SourceState])[]): HealthPart {
    return {
      complete: this.isComplete,
      sources: sources.map(([source, state]) => this.#source(source, state)),
      ledger: { up: this.ledgerUp, sizeBytes: this.ledgerBytes, errors: { ...this.#errors }, held: this.held },
      sharedLedger: this.#isShared ? { awaySince: this.#awaySince } : null,
      machines: this.#isShared || this.#machines.length > 1 ? this.#machines : [],
    }
  }

  #source(source: SourceName, { roots, streams, tailMode }: SourceState): SourceHealth {
    const tally = this.#tallies.get(source)
    return {
      source,
      up: roots.some(({ state }) => state === 'ok') && roots.every(isFine),
      roots,
      streams,
      tailMode,
      lines: tally?.lines ?? 0,
      bytes: tally?.bytes ?? 0,
      rejected: tally?.rejected ?? {},
      duplicates: tally?.duplicates ?? 0,
      lastSuccess: this.#lastSuccess.get(source) ?? null,
      watermark: tally === undefined || tally.newest === 0 ? null : tally.newest,
    }
  }
}

/** A root that is missing without a problem belongs to an agent or a place that is not in use. */
export function isFine({ state, problem }: RootStatus): boolean {
  return state === 'ok' || (state === 'missing' && problem === null)
}
