import type { Store } from '../sql/store.ts'
import { moveClaims } from './claims.ts'
import { moveReversed } from './counters.ts'
import { moveDictionary } from './dictionary.ts'
import { moveKeys } from './keys.ts'
import type { Moving } from './moving.ts'
import { moveOrganizations } from './organizations.ts'
import { movePrunedSums } from './pruned-sums.ts'
import { moveRecords } from './records.ts'
import { moveResponses } from './responses.ts'
import type { MoveSource } from './source.ts'
import { moveStreams } from './streams.ts'

export interface MoveOptions {
  readonly source: MoveSource
  /** Open for the machine that the source belongs to. */
  readonly target: Store
  /** Epoch milliseconds. */
  readonly now: number
  /** Called with how many responses more are through. */
  readonly onMoved: (responses: number) => void
}

/**
 * Moves everything a ledger holds into another, a few hundred rows per transaction. Each step looks at what is there
 * already, so that a move may be stopped at any moment and run again, and a second ledger may follow the first: nothing
 * is counted twice. Cursors come last: as long as anything is missing the logs would be read again, and lose nothing.
 */
export async function moveLedger({ source, target, now, onMoved }: MoveOptions): Promise<void> {
  const moving: Moving = { source, target, labels: new Map(), rates: new Map(), sessions: new Map(), onMoved }
  await moveDictionary(moving)
  await moveKeys(moving)
  await moveResponses(moving)
  await movePrunedSums(moving)
  await moveReversed(moving)
  await moveClaims(moving)
  await moveOrganizations(moving)
  await moveRecords(moving, now)
  await moveStreams(moving)
}
