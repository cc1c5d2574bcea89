import type { FileCursor } from './cursor.ts'
import type { ScanOutput } from './format.ts'

/** What a stretch of a log brought, and the cursor behind it. */
export interface Step {
  readonly out: ScanOutput
  /** Bytes of the file that were passed over. */
  readonly bytes: number
  readonly cursor: FileCursor
}

/**
 * The reading of one log, in short pieces: null is a piece that has nothing to hand over yet. Ends with whether the file
 * is unsettled: it has an end that is no line yet, but must be looked at again once it was still for the quiet time.
 */
export type LogReading = Generator<Step | null, { readonly isUnsettled: boolean }>
