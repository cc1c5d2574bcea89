/** Days that are read at once: few rows make the next part longer, many make it shorter. */
const FEW_ROWS = 4_000
const MANY_ROWS = 16_000
const MOST_DAYS = 366

/**
 * Reads one stretch of days after the other, each as long as keeps the rows at hand few.
 *
 * @param days starts of the days, ascending, epoch milliseconds
 * @param end of the last day, exclusive
 */
export async function* inDayChunks<Row>(
  days: readonly number[],
  end: number,
  read: (from: number, to: number, days: readonly number[]) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let length = 1
  for (let index = 0; index < days.length; ) {
    const part = days.slice(index, index + length)
    index += part.length
    const rows = await read(part[0] ?? end, days[index] ?? end, part)
    if (rows.length > 0) yield rows
    if (rows.length < FEW_ROWS) length = Math.min(length * 2, MOST_DAYS)
    else if (rows.length > MANY_ROWS) length = Math.max(1, Math.floor(length / 2))
  }
}
