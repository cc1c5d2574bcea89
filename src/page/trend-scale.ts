/** Amounts are whole pico-dollars. */
const SMALLEST_USD = 1e-12

/** Round steps from 0 up to at least `highest`: at most four of them, two where there is nothing. */
export function trendSteps(highest: number): readonly number[] {
  if (!(highest > SMALLEST_USD) || !Number.isFinite(highest)) return [0, 1]
  const rough = highest / 3
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5].find((factor) => factor * magnitude >= rough) ?? 10) * magnitude
  const count = Math.max(1, Math.ceil(highest / step - 1e-9))
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}
