/** Clocks that differ by less are alike: the server tells its time in whole seconds, and an answer takes a while. */
const ALIKE_MS = 5_000

let aheadMs = 0

/** Epoch milliseconds by the clock that wrote the times of the page; by the one here until an answer told of the other. */
export function serverNow(): number {
  return Date.now() + aheadMs
}

/** `date`: header of an answer that has just come; null or unreadable: nothing was told. */
export function learnServerTime(date: string | null): void {
  const ahead = Date.parse(date ?? '') - Date.now()
  if (!Number.isNaN(ahead)) aheadMs = Math.abs(ahead) < ALIKE_MS ? 0 : ahead
}
