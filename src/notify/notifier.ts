import { DAY_MS } from '../core/time.ts'
import { LedgerError } from '../ledger/ledger.ts'
import type { Logger } from '../lib/logger.ts'
import type { Snapshot } from '../view/snapshot.ts'
import { claim, keepClaimed, type NoticeLedger, release } from './claim.ts'
import { bodyOf, MAX_MESSAGES, type WebhookFormat } from './format.ts'
import { clearedKeys, noticesOf } from './notices.ts'
import { type Waiting, WaitingNotices } from './waiting.ts'
import type { Webhook } from './webhook.ts'
import { type SendFailure, WebhookError } from './webhook-error.ts'

const FIRST_RETRY_MS = 30_000
const LONGEST_RETRY_MS = 15 * 60_000
/** Longer than any period that something is told once in. */
const KEEP_CLAIMS_MS = 800 * DAY_MS

export interface NotifierOptions {
  readonly ledger: NoticeLedger
  readonly webhook: Pick<Webhook, 'post'>
  readonly format: WebhookFormat
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly logger: Logger
  readonly events: NotifierEvents
}

export interface NotifierEvents {
  /** So many notices were taken by the webhook. */
  sent(notices: number): void
  /** A request failed; it is tried again. */
  failed(reason: SendFailure): void
}

/**
 * Tells what a snapshot shows, each matter once, also across restarts: it is claimed in the ledger before it is sent and
 * given back when that fails. A message whose answer never came is sent again; one that a crash interrupted is not.
 */
export class Notifier {
  readonly #options: NotifierOptions
  readonly #waiting = new WaitingNotices()
  readonly #stop = new AbortController()
  readonly #watchedSince: number
  #telling: Promise<void> | null = null
  /** Keys whose matter is put right, and those of them that the ledger still has to forget. */
  #cleared: ReadonlySet<string> = new Set()
  readonly #toRelease = new Set<string>()
  #failures = 0
  #retryAt = Number.NEGATIVE_INFINITY
  #lastPrune = Number.NEGATIVE_INFINITY

  constructor(options: NotifierOptions) {
    this.#options = options
    this.#watchedSince = options.now()
  }

  /**
   * Looks at a snapshot and sends what is due, unless that is being done. Resolves when it is sent or has failed; it
   * never rejects.
   */
  async check(snapshot: Snapshot): Promise<void> {
    const now = this.#options.now()
    this.#observe(snapshot, now)
    if (this.#telling !== null || this.#stop.signal.aborted || !this.#mayTry(now)) return
    this.#telling = this.#tell(now, snapshot.timeZone)
    await this.#telling
    this.#telling = null
  }

  /** Hangs up on a request under way and gives its claims back. To be called before the ledger is closed. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#telling
  }

  #observe(snapshot: Snapshot, now: number): void {
    this.#waiting.observe(noticesOf(snapshot), now)
    const cleared = new Set(clearedKeys(snapshot))
    for (const key of cleared) if (!this.#cleared.has(key)) this.#toRelease.add(key)
    this.#cleared = cleared
  }

  async #tell(now: number, timeZone: string): Promise<void> {
    try {
      await this.#keepUp(now)
      for (let due = this.#waiting.due(); due.length > 0; due = this.#waiting.due()) {
        const batch = await this.#claimed(due.slice(0, MAX_MESSAGES), now)
        if (batch.length > 0) await this.#send(batch, now, timeZone)
      }
    } catch (error) {
      this.#failed(error, now)
    }
  }

  /** What the ledger has to know whether or not anything is due. */
  async #keepUp(now: number): Promise<void> {
    const { ledger } = this.#options
    for (const key of this.#toRelease) {
      await ledger.releaseNotice(key)
      this.#toRelease.delete(key)
    }
    for (const entry of this.#waiting.all()) await keepClaimed(ledger, entry, now)
    if (now - this.#lastPrune < DAY_MS) return
    await ledger.pruneNotices(now - KEEP_CLAIMS_MS)
    this.#lastPrune = now
  }

  async #claimed(due: readonly Waiting[], now: number): Promise<readonly Waiting[]> {
    const batch: Waiting[] = []
    for (const entry of due) {
      const isOurs = await claim(this.#options.ledger, entry, { now, watchedSince: this.#watchedSince })
      if (isOurs) batch.push(entry)
      else entry.isTold = true
    }
    return batch
  }

  async #send(batch: readonly Waiting[], now: number, timeZone: string): Promise<void> {
    const { ledger, webhook, format, events, logger } = this.#options
    const notices = batch.map(({ notice }) => notice)
    try {
      await webhook.post(bodyOf(notices, format, { now, timeZone }), this.#stop.signal)
    } catch (error) {
      await this.#giveBack(batch)
      throw error
    }
    for (const entry of batch) entry.isTold = true
    this.#failures = 0
    events.sent(batch.length)
    logger.info('told the webhook', { notices: notices.map(({ name }) => name).join(', ') })
    for (const key of notices.flatMap(({ covers }) => covers)) await ledger.claimNotice(key, now)
  }

  /** A claim that cannot be given back stays with its notice, which is sent without asking for another. */
  async #giveBack(batch: readonly Waiting[]): Promise<void> {
    try {
      for (const entry of batch) await release(this.#options.ledger, entry)
    } catch (error) {
      this.#options.logger.warn('cannot take back that a notice was sent', { err: error })
    }
  }

  #failed(error: unknown, now: number): void {
    const { events, logger } = this.#options
    const reason = reasonOf(error)
    if (reason === 'stopped') return
    const backOffMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures)
    const asked = error instanceof WebhookError ? (error.retryAfterMs ?? 0) : 0
    const waitMs = Math.max(backOffMs, asked)
    this.#failures += 1
    this.#retryAt = now + waitMs
    events.failed(reason)
    logger.warn('notices are not sent; trying again', { reason, err: error, retryInSeconds: waitMs / 1_000 })
  }

  /** A clock that was set back ends the wait. */
  #mayTry(now: number): boolean {
    return now >= this.#retryAt || this.#retryAt - now > 4 * LONGEST_RETRY_MS
  }
}

function reasonOf(error: unknown): SendFailure {
  if (error instanceof WebhookError) return error.reason
  return error instanceof LedgerError ? 'ledger' : 'internal'
}
