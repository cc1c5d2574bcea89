import type { SessionRef } from '../transaction.ts'
import type { KnownSession } from './sessions.ts'
import { StagedMap } from './staged-map.ts'
import { KnownCursors } from './streams.ts'

const CACHED_IDS = 50_000

/** What a program remembers from one transaction to the next: ids never change, cursors are checked when they move. */
export class Remembered {
  readonly labelIds = new StagedMap<string, number>(CACHED_IDS)
  readonly rateIds = new StagedMap<string, number>(CACHED_IDS)
  readonly sessions = new StagedMap<string, KnownSession>(CACHED_IDS)
  readonly sessionRefs = new StagedMap<number, SessionRef>(CACHED_IDS)
  readonly cursors = new KnownCursors()

  commit(): void {
    for (const map of this.#maps()) map.commit()
  }

  /** Ids handed out in a transaction that failed do not exist. */
  rollback(): void {
    for (const map of this.#maps()) map.rollback()
    this.cursors.forget()
  }

  forget(): void {
    for (const map of this.#maps()) map.forget()
    this.cursors.forget()
  }

  #maps() {
    return [this.labelIds, this.rateIds, this.sessions, this.sessionRefs]
  }
}
