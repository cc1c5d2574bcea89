import { PICO_PER_USD, picoFromDecimal } from '../../core/money.ts'
import type { RecordedCost } from '../../core/usage.ts'
import type { CountCheck } from '../lib/counts.ts'
import { asObject } from '../lib/json.ts'

/** More than any response can cost; above it the log is wrong. */
const COST_LIMIT_PICO = 1_000_000n * PICO_PER_USD

/**
 * The cost a usage object carries. What the provider billed counts even at 0 (pi: `totalFromProvider`, OpenClaw:
 * `totalOrigin`); an estimate of 0 only says that the agent knew no price.
 */
export function readCost(value: unknown, check: CountCheck): RecordedCost | null {
  const cost = asObject(value)
  const total = cost?.['total']
  if (cost === null || total === undefined || total === null) return null
  const pico = typeof total === 'number' ? picoFromDecimal(String(total)) : null
  if (pico === null || pico < 0n || pico > COST_LIMIT_PICO) {
    check.bad = true
    return null
  }
  const isBilled = cost['totalFromProvider'] === true || cost['totalOrigin'] === 'provider-billed'
  if (isBilled) return { pico, origin: 'provider' }
  return pico > 0n ? { pico, origin: 'client' } : null
}
