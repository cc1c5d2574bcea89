import type { BudgetLedger } from '../ledger/budgets.ts'
import { QUIET_MS } from './notice.ts'
import type { Waiting } from './waiting.ts'

export type NoticeLedger = Pick<BudgetLedger, 'claimNotice' | 'releaseNotice' | 'pruneNotices'>

/**
 * Claims a notice in the ledger; false when it has been told before. What comes up again after it was quiet is claimed
 * by the hour: while it lasts each new hour is claimed as well (`keepClaimed`), so that after a restart the hour before
 * tells that it goes on.
 *
 * @param watchedSince since when this process has watched, epoch milliseconds
 */
export async function claim(
  ledger: NoticeLedger,
  entry: Waiting,
  { now, watchedSince }: { readonly now: number; readonly watchedSince: number },
): Promise<boolean> {
  // Still held where giving it back failed.
  if (entry.claimedKey !== null) return true
  const { key, repeats } = entry.notice
  const claimKey = repeats === 'once' ? key : hourKey(key, now)
  if (!(await ledger.claimNotice(claimKey, now))) return false
  entry.claimedKey = claimKey
  const isNew = repeats === 'once' || entry.since - watchedSince >= QUIET_MS
  return isNew || (await isUnclaimed(ledger, hourKey(key, now - QUIET_MS), now))
}

async function isUnclaimed(ledger: NoticeLedger, key: string, now: number): Promise<boolean> {
  if (!(await ledger.claimNotice(key, now))) return false
  await ledger.releaseNotice(key)
  return true
}

/** Gives a claim back: it was not told. */
export async function release(ledger: NoticeLedger, entry: Waiting): Promise<void> {
  if (entry.claimedKey === null) return
  await ledger.releaseNotice(entry.claimedKey)
  entry.claimedKey = null
}

/** Claims the present hour of what was told and goes on. */
export async function keepClaimed(ledger: NoticeLedger, entry: Waiting, now: number): Promise<void> {
  if (!entry.isTold || entry.notice.repeats === 'once' || entry.lastSeen < now) return
  const claimKey = hourKey(entry.notice.key, now)
  if (entry.claimedKey === claimKey) return
  await ledger.claimNotice(claimKey, now)
  entry.claimedKey = claimKey
}

function hourKey(key: string, instant: number): string {
  return `${key} ${new Date(Math.floor(instant / QUIET_MS) * QUIET_MS).toISOString()}`
}
