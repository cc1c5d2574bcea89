import type { TailMode } from '../../core/status.ts'
import type { SourceName } from '../../core/usage.ts'
import type { SourceTally } from '../../ledger/ledger.ts'
import type { Freshness } from '../../report/freshness.ts'
import type { SessionData } from '../../view/budgets/session-data.ts'
import type { SourceHealth } from '../../view/snapshot.ts'

/** What is known of session logs without having read them. */
export interface AssumedSources {
  /** Whose logs are to be read. */
  readonly enabled: readonly SourceName[]
  /** What the ledger holds of them. */
  readonly tallies: readonly SourceTally[]
}

/**
 * What a command knows of the session logs: all about them where it has read them itself; else that a running exporter
 * follows them, or when somebody last did.
 *
 * @param read how reading them went; null when it was not done now
 */
export function sessionData(
  read: readonly SourceHealth[] | null,
  { origin, readAt, isComplete }: Freshness,
  { enabled, tallies }: AssumedSources,
): SessionData {
  const tailMode = origin === 'exporter' ? 'events' : 'off'
  const tallyOf = (source: SourceName) => tallies.find((tally) => tally.source === source)
  return {
    complete: isComplete,
    ledger: { up: true, sizeBytes: 0, errors: {}, held: 0 },
    sources: read ?? enabled.map((source) => assumed(source, tailMode, readAt, tallyOf(source))),
  }
}

function assumed(
  source: SourceName,
  tailMode: TailMode,
  lastSuccess: number | null,
  tally: SourceTally | undefined,
): SourceHealth {
  return {
    source,
    up: true,
    roots: [{ path: '', state: 'ok', problem: null }],
    streams: 0,
    tailMode,
    lines: tally?.lines ?? 0,
    bytes: tally?.bytes ?? 0,
    rejected: tally?.rejected ?? {},
    duplicates: tally?.duplicates ?? 0,
    lastSuccess,
    watermark: tally === undefined || tally.newest === 0 ? null : tally.newest,
  }
}
