import type { Command } from 'commander'
import { OperatorError } from '../../core/errors.ts'
import { REPORTS, type Report } from '../../core/organization.ts'
import { parseInstant, startOfDay } from '../../core/period.ts'
import { DAY_MS } from '../../core/time.ts'
import { closest } from '../../lib/suggest.ts'

export const SYNC_TYPES = [...REPORTS, 'sessions', 'all'] as const
export type SyncType = (typeof SYNC_TYPES)[number]

/** What a `sync` command is to do. */
export interface SyncRequest {
  readonly type: SyncType
  /** Reports of organisations to read, in order; empty for session logs alone. */
  readonly reports: readonly Report[]
  readonly logs: boolean
  /** UTC days to read again, epoch milliseconds; null: what is new, and what may have been corrected. */
  readonly range: { readonly from: number; readonly to: number } | null
  readonly dryRun: boolean
  readonly json: boolean
}

interface Given {
  readonly type: string
  readonly days?: string
  readonly since?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Throws OperatorError for options that make no sense. */
export function syncRequest(command: Command, now: number): SyncRequest {
  const { type: text, days, since, dryRun = false, json = false } = command.opts<Given>()
  const type = SYNC_TYPES.find((name) => name === text)
  if (type === undefined) {
    const near = closest(text, SYNC_TYPES)
    throw new OperatorError('--type knows no such thing', {
      seen: text,
      fix: `Use ${SYNC_TYPES.join(', ')}.${near === null ? '' : ` Did you mean ${near}?`}`,
    })
  }
  const range = rangeOf(days, since, now)
  if (type === 'sessions' && (range !== null || dryRun)) {
    throw new OperatorError('--days, --since and --dry-run are about organisations', {
      seen: '--type sessions',
      fix: 'Leave them out: session logs are always read as far as they are new, and reading them again changes nothing.',
    })
  }
  return {
    type,
    reports: type === 'sessions' ? [] : type === 'all' ? REPORTS : [type],
    logs: type === 'sessions' || (type === 'all' && !dryRun),
    range,
    dryRun,
    json,
  }
}

function rangeOf(days: string | undefined, since: string | undefined, now: number): SyncRequest['range'] {
  if (days !== undefined && since !== undefined) {
    throw new OperatorError('--days and --since both say where the range begins', { fix: 'Give one of the two.' })
  }
  const today = startOfDay(now, 'UTC')
  const to = today + DAY_MS
  if (days !== undefined) {
    const count = Number(days)
    if (!/^\d+$/.test(days) || count < 1 || count > 3_650) {
      throw new OperatorError('--days needs a whole number of days', { seen: days, fix: 'Give 1 to 3650.' })
    }
    return { from: to - count * DAY_MS, to }
  }
  if (since === undefined) return null
  const from = /^\d{4}-\d{2}-\d{2}$/.test(since) ? parseInstant(since, 'UTC') : null
  if (from === null || from >= to) {
    throw new OperatorError('--since needs a UTC day that has begun', { seen: since, fix: 'Write it as 2026-05-04.' })
  }
  return { from, to }
}
