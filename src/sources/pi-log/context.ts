import type { Billing, SourceName } from '../../core/usage.ts'
import type { JsonObject } from '../lib/json.ts'

/** How close a file is to the original transcript; of several copies the smallest class gives the labels. */
export const FILE_CLASS = {
  primary: 0,
  /** Set aside by a reset or a deletion. */
  setAside: 1,
  archive: 2,
  /** Made before a compaction or a repair, or by the user. */
  copy: 3,
} as const
export type FileClass = (typeof FILE_CLASS)[keyof typeof FILE_CLASS]

/** Session of transcripts that neither their name nor their header gives one. */
export const NO_SESSION = 'unknown'

/** What is known of a transcript before its first line is read. */
export interface TranscriptContext {
  readonly source: SourceName
  readonly fileClass: FileClass
  readonly billing: Billing
  readonly agent: string
  /** Session id by the name of the file; `''` where the name has none. */
  readonly session: string
  /** True where the id in the header is the better one. */
  readonly trustsHeaderId: boolean
  /** Project while no header has named a folder. */
  readonly project: string
  readonly projectName: (cwd: string) => string
  /** Stands in for the time of entries without one, epoch milliseconds. */
  readonly modifiedMs: number
  /** Judges a message of role `user`: true where a human wrote it, as far as the agent's logs tell. */
  readonly isHumans: (message: JsonObject) => boolean
  /** Epoch milliseconds. */
  readonly now: () => number
}
