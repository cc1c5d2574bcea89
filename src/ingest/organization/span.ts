import { DAY_MS } from '../../core/time.ts'

/** A range of time, epoch milliseconds, from inclusive, to exclusive. */
export interface Span {
  readonly from: number
  readonly to: number
}

export function floorTo(instant: number, unitMs: number): number {
  return Math.floor(instant / unitMs) * unitMs
}

export function ceilTo(instant: number, unitMs: number): number {
  return Math.ceil(instant / unitMs) * unitMs
}

/** Start of the UTC month `back` months before the one that holds the instant, epoch milliseconds. */
export function startOfUtcMonth(instant: number, back = 0): number {
  const date = new Date(instant)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back, 1)
}

/** The same time in as few spans as possible, ascending; empty and inverted ones are gone. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const span of spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last !== undefined && span.from <= last.to) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
    } else merged.push(span)
  }
  return merged
}

/** Cuts a span into pieces of at most `maxMs`, newest first, at UTC midnights wherever a day fits into a piece. */
export function splitSpan(span: Span, maxMs: number, bucketMs: number): Span[] {
  const longest = Math.max(floorTo(maxMs, bucketMs), bucketMs)
  const pieces: Span[] = []
  let to = span.to
  while (to - span.from > longest) {
    const midnight = ceilTo(to - longest, DAY_MS)
    const from = midnight < to ? midnight : to - longest
    pieces.push({ from, to })
    to = from
  }
  if (span.from < to) pieces.push({ from: span.from, to })
  return pieces
}
