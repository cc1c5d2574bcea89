import type { RootStatus } from '../core/status.ts'
import type { SourceName } from '../core/usage.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** Where the ledger of a report stands against the logs. */
export interface Freshness {
  /**
   * `exporter`: a running exporter keeps it up to date. `synced`: the logs were read for this report. `saved`: as it was
   * left the last time.
   */
  readonly origin: 'exporter' | 'synced' | 'saved'
  /** When something new was last stored, or for `synced` when the logs were read; epoch milliseconds. */
  readonly readAt: number | null
  /** Time of the newest response, epoch milliseconds. */
  readonly newest: number | null
  /** False while history found at the first start is still being loaded. */
  readonly isComplete: boolean
  /** Folders that were read for this report; empty unless `synced`. */
  readonly roots: readonly RootStatus[]
}

export interface FreshnessFacts {
  readonly origin: Freshness['origin']
  readonly roots: readonly RootStatus[]
  readonly now: number
}

/** @param sources whose logs are to be read */
export async function readFreshness(
  ledger: Ledger,
  sources: readonly SourceName[],
  facts: FreshnessFacts,
): Promise<Freshness> {
  const { origin, roots, now } = facts
  const newest = Math.max(0, ...(await ledger.tallies()).map((tally) => tally.newest))
  let isComplete = true
  for (const source of sources) {
    if ((await ledger.loadedRoots(source)).length === 0) isComplete = false
  }
  return {
    origin,
    readAt: origin === 'synced' ? now : await ledger.lastStored(),
    newest: newest === 0 ? null : newest,
    isComplete,
    roots,
  }
}
