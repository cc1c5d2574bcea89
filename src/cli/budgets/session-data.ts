import type { TailMode } from '../../core/status.ts'
import type { SourceName } from '../../core/usage.ts'
import type { Freshness } from '../../report/freshness.ts'
import type { SessionData } from '../../view/budgets/session-data.ts'
import type { SourceHealth } from '../../view/snapshot.ts'

/**
 * What a command knows of the session logs: all about them where it has read them itself; else that a running exporter
 * follows them, or when somebody last did.
 *
 * @param read how reading them went; null when it was not done now
 */
export function sessionData(
  read: readonly SourceHealth[] | null,
  { origin, readAt, isComplete }: Freshness,
  enabled: readonly SourceName[],
): SessionData {
  const tailMode = origin === 'exporter' ? 'events' : 'off'
  return {
    complete: isComplete,
    ledger: { up: true, sizeBytes: 0, errors: {}, held: 0 },
    sources: read ?? enabled.map((source) => assumed(source, tailMode, readAt)),
  }
}

function assumed(source: SourceName, tailMode: TailMode, lastSuccess: number | null): SourceHealth {
  return {
    source,
    up: true,
    roots: [{ path: '', state: 'ok', problem: null }],
    streams: 0,
    tailMode,
    lines: 0,
    bytes: 0,
    rejected: {},
    duplicates: 0,
    lastSuccess,
    watermark: null,
  }
}
