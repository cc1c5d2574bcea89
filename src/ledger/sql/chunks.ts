/** Values named in one statement at most; few sizes, so that statements are prepared once. */
const SIZES = [1, 8, 64, 500] as const
const LARGEST = 500

/** Values of one statement at most. */
const MAX_VALUES = 5_000

/**
 * Values in chunks for `IN (...)`. A chunk is filled up with its last value, which changes nothing there, so that chunks
 * of few sizes share their statements.
 */
export function chunksOf<T>(values: Iterable<T>): T[][] {
  const all = [...values]
  const chunks: T[][] = []
  for (let start = 0; start < all.length; start += LARGEST) {
    const chunk = all.slice(start, start + LARGEST)
    const size = SIZES.find((one) => one >= chunk.length) ?? LARGEST
    const filler = chunk.slice(-1)
    while (chunk.length < size) chunk.push(...filler)
    chunks.push(chunk)
  }
  return chunks
}

/** `?, ?, ...` for the values of a chunk. */
export function marksOf(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}

/**
 * Rows in chunks that fit into one statement. Their sizes are powers of two, so that there are few statements to prepare,
 * and few to run.
 */
export function rowChunks<T extends readonly unknown[]>(rows: readonly T[]): T[][] {
  let size = 1
  while (2 * size * (rows[0]?.length ?? 1) <= MAX_VALUES) size *= 2
  const chunks: T[][] = []
  for (let start = 0; start < rows.length; ) {
    while (size > rows.length - start) size /= 2
    chunks.push(rows.slice(start, start + size))
    start += size
  }
  return chunks
}

/** `(?, ?), (?, ?), ...` for the rows of a chunk. */
export function rowMarks(rows: readonly (readonly unknown[])[]): string {
  return rows.map((row) => `(${marksOf(row)})`).join(', ')
}
