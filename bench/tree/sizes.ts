import type { Random } from './random.ts'

/** No file holds more than this part of a tree: real trees have long sessions, not one that outweighs all others. */
const LARGEST_SHARE = 0.05

/** Parts of `total` for `count` files, log-normal as on real machines: most files small, most bytes in large files. */
export function divideLogNormal(total: number, count: number, sigma: number, random: Random): number[] {
  const weights = Array.from({ length: count }, () => random.logNormal(1, sigma))
  const limit = LARGEST_SHARE * sum(weights)
  const limited = count > 2 / LARGEST_SHARE ? weights.map((weight) => Math.min(weight, limit)) : weights
  const scale = total / sum(limited)
  return limited.map((weight) => weight * scale)
}

/** The same in whole numbers of at least 1 that add up to `total` exactly. */
export function divideWhole(total: number, count: number, sigma: number, random: Random): number[] {
  const parts = divideLogNormal(total - count, count, sigma, random).map((part) => 1 + Math.floor(part))
  const largest = parts.indexOf(parts.reduce((a, b) => Math.max(a, b), 0))
  return parts.map((part, index) => (index === largest ? part + total - sum(parts) : part))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
