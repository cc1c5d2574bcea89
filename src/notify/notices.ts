import type { Snapshot } from '../view/snapshot.ts'
import { balanceNotices, budgetNotices } from './budget-notices.ts'
import type { Notice } from './notice.ts'
import { acceptedKey, habitNotices, organizationNotices, sessionNotices } from './usage-notices.ts'

/**
 * Everything that is true now and ought to be told, with the conditions of the alert rules. How long it must be true
 * first, and whether it was told before, is for the notifier. Nothing of sessions while their history is loaded.
 */
export function noticesOf(snapshot: Snapshot): readonly Notice[] {
  const { at, timeZone, alertThresholds: thresholds, organizations } = snapshot
  const context = { at, timeZone, thresholds }
  const ofSessions = snapshot.complete
    ? [
        ...sessionNotices(snapshot.active, thresholds),
        ...snapshot.habits.flatMap((row) => habitNotices(row, thresholds)),
      ]
    : []
  return [
    ...snapshot.budgets.flatMap((figures) => budgetNotices(figures, context)),
    ...ofSessions,
    ...snapshot.balances.flatMap((figures) => balanceNotices(figures, context)),
    ...organizations.organizations.flatMap(organizationNotices),
  ]
}

/** Keys of notices `once` whose matter is put right, so that they may be told again. */
export function clearedKeys(snapshot: Snapshot): readonly string[] {
  return snapshot.organizations.organizations.map(acceptedKey).filter((key) => key !== null)
}
