import type { ScanOutput } from '../../files/format.ts'

/** A part of a stream, small enough to be read without holding up everything else. */
export interface Page {
  readonly out: ScanOutput
  readonly bytes: number
  /** Where the stream goes on behind this page. */
  readonly cursor: string
}

export const PAGE_BYTES = 1024 * 1024
export const PAGE_ROWS = 2000
