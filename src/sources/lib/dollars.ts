import { PICO_PER_USD, picoFromDecimal } from '../../core/money.ts'
import type { CountCheck } from './counts.ts'

/** More than any response or session can cost; above it the log is wrong. */
const LIMIT_PICO = 1_000_000n * PICO_PER_USD

/**
 * Pico-dollars of a number of dollars out of parsed JSON; null for a missing one. Anything that is no amount (text,
 * negative, a million dollars and more) is null too and marks the check as bad.
 */
export function readDollars(value: unknown, check: CountCheck): bigint | null {
  if (value === undefined || value === null) return null
  const pico = typeof value === 'number' ? picoFromDecimal(String(value)) : null
  if (pico !== null && pico >= 0n && pico < LIMIT_PICO) return pico
  check.bad = true
  return null
}
