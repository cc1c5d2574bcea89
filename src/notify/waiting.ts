import { type Notice, QUIET_MS } from './notice.ts'

/** Longer without a look, as when the machine slept, nobody can say that something held all the time. */
const MAX_GAP_MS = 5 * 60_000

/** Something that is or was true lately. */
export interface Waiting {
  /** As of the last time it was true. */
  notice: Notice
  /** Since when it has been true, and when it was last seen to be; epoch milliseconds. */
  since: number
  lastSeen: number
  /** True from the moment it has held for long enough. */
  isDue: boolean
  isTold: boolean
  /** Key under which the ledger holds its claim; null without one. */
  claimedKey: string | null
}

/**
 * Remembers since when each notice has been true. One that became due is kept for QUIET_MS after it was last true, so
 * that it is told even when the receiver is down while it happens, and so that flapping is one matter.
 */
export class WaitingNotices {
  readonly #entries = new Map<string, Waiting>()

  /** Takes what is true now, epoch milliseconds. */
  observe(notices: readonly Notice[], now: number): void {
    for (const [key, entry] of this.#entries) {
      // After a clock was set back nothing is known of how long.
      if (now < entry.lastSeen || now - entry.lastSeen >= QUIET_MS) this.#entries.delete(key)
    }
    const seen = new Set(notices.map(({ key }) => key))
    for (const [key, { isDue, isTold, notice }] of this.#entries) {
      const isOver = isTold ? notice.repeats === 'once' : !isDue
      if (isOver && !seen.has(key)) this.#entries.delete(key)
    }
    for (const notice of notices) this.#see(notice, now)
  }

  /** Due and not told, critical ones first; without those that another one covers. */
  due(): readonly Waiting[] {
    const due = this.all().filter(({ isDue, isTold }) => isDue && !isTold)
    const covered = new Set(due.flatMap(({ notice }) => notice.covers))
    return due.filter(({ notice }) => !covered.has(notice.key)).sort((a, b) => rank(a) - rank(b))
  }

  all(): readonly Waiting[] {
    return [...this.#entries.values()]
  }

  #see(notice: Notice, now: number): void {
    const entry = this.#entries.get(notice.key)
    if (entry === undefined) {
      const isDue = notice.holdMs === 0
      const fresh = { notice, since: now, lastSeen: now, isDue, isTold: false, claimedKey: null }
      this.#entries.set(notice.key, fresh)
      return
    }
    if (now - entry.lastSeen > MAX_GAP_MS) entry.since = now
    entry.notice = notice
    entry.lastSeen = now
    entry.isDue ||= now - entry.since >= notice.holdMs
  }
}

function rank({ notice }: Waiting): number {
  return notice.severity === 'critical' ? 0 : 1
}
