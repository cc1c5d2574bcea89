/**
 * An amount as somebody would choose it: of as few digits as there is one for between `low` and `high` (both included,
 * both more than 0), near the middle.
 */
export function plausibleBetween(low: bigint, high: bigint): bigint {
  const middle = (low + high) / 2n
  for (let unit = 10n ** BigInt(middle.toString().length - 1); unit > 0n; unit /= 10n) {
    const rounded = ((middle + unit / 2n) / unit) * unit
    if (low <= rounded && rounded <= high) return rounded
  }
  return middle
}
