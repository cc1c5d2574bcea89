/** How far a log file has been read. */
export interface FileCursor {
  /** Size and modification time when the file was last looked at; `''` when they prove nothing. */
  readonly stamp: string
  /** Bytes from the start of the file to behind the last consumed line. */
  readonly offset: number
  /** Hashes of the first and last bytes before the offset. */
  readonly head: string
  readonly tail: string
  /** What the scanner needs to carry on; null at the start of a file. */
  readonly state: string | null
  /**
   * `oversize`: the offset is within a line that is being skipped. `torn`: what follows the offset was still for the
   * quiet time and is no line; it only matters again when the file changes.
   */
  readonly mark: '' | 'oversize' | 'torn'
}

/** The form in which a cursor is saved. It begins with the stamp and the offset, see `isReadThrough`. */
export function encodeCursor({ stamp, offset, head, tail, state, mark }: FileCursor): string {
  return JSON.stringify({ stamp, offset, head, tail, state, mark })
}

/** Null for anything that `encodeCursor` did not write; reading from the start is then always right. */
export function decodeCursor(text: string): FileCursor | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return isCursor(value) ? value : null
}

/**
 * True when the cursor says that a file with this stamp was read to its end. Compares text alone: at start this is asked
 * of thousands of files, and parsing their cursors would take longer than everything else.
 */
export function isReadThrough(text: string, stamp: string, size: number): boolean {
  return text.startsWith(`{"stamp":"${stamp}","offset":${size},`)
}

function isCursor(value: unknown): value is FileCursor {
  if (typeof value !== 'object' || value === null) return false
  const { stamp, offset, head, tail, state, mark } = value as Record<string, unknown>
  return (
    typeof stamp === 'string' &&
    Number.isSafeInteger(offset) &&
    Number(offset) >= 0 &&
    typeof head === 'string' &&
    typeof tail === 'string' &&
    (state === null || typeof state === 'string') &&
    (mark === '' || mark === 'oversize' || mark === 'torn')
  )
}
