import { SyncError, type SyncResult } from '../../core/sync-run.ts'
import type { RunEnd } from '../../ledger/organization.ts'
import type { RunState } from './run-state.ts'

/** What a run came to; null: it went well. */
export type Failure = SyncError | 'interrupted' | null

/** The end of a run as the run log has it. */
export function endOf(state: RunState, failure: Failure, endedAt: number): RunEnd {
  const { generation, from, to, attempts, requests, changes } = state
  const isError = failure instanceof SyncError
  return {
    endedAt,
    result: resultOf(failure, state.stored),
    generation,
    from,
    to,
    attempts,
    requests,
    changes,
    reason: isError ? failure.reason : null,
    error: isError ? textOf(failure) : null,
  }
}

function resultOf(failure: Failure, stored: number): SyncResult {
  if (failure === null) return 'ok'
  if (failure === 'interrupted') return 'interrupted'
  return stored > 0 ? 'partial' : 'failed'
}

/** The failure of a run that reached its time limit, milliseconds. */
export function outOfTime({ done, total }: RunState, limitMs: number, cause: unknown): SyncError {
  const text = `Not finished within ${Math.round(limitMs / 1_000)} s, the time limit of a run; stored ${done} of ${total} parts. The next run goes on from there.`
  return new SyncError('timeout', text, { cause })
}

/** What went wrong in words, with the server's name of the request. */
export function textOf({ message, requestId }: SyncError): string {
  return requestId === undefined || message.includes(requestId) ? message : `${message} (request ${requestId})`
}
