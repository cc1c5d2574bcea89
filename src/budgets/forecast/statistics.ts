export function sum(values: readonly number[]): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** NaN for none. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

/** The weight of a day in exponential smoothing: 1 for today, half of it `halfLife` days ago. */
export function smoothingWeight(ageDays: number, halfLifeDays: number): number {
  return 2 ** (-ageDays / halfLifeDays)
}
