import type { OwnerSettings } from '../../core/owner.ts'
import type { TokenTotals } from '../snapshot.ts'

export interface OwnerLabels {
  readonly owner: string
  readonly team: string
  readonly cost_center: string
}

/** What one owner used and was billed in the month so far. */
export interface OwnerTotals {
  readonly labels: OwnerLabels
  readonly tokens: TokenTotals
  /** Pico-dollars of metered use, and of use a plan covers. */
  readonly estimatedPico: bigint
  readonly planPico: bigint
  /** Pico-dollars since the first of the month in UTC; null where the bill is not known. */
  readonly billedPico: bigint | null
}

export interface OwnersPart {
  readonly settings: OwnerSettings
  /** Every owner of a rule that holds in the month, at 0 too, and what no rule takes; empty without rules. */
  readonly monthToDate: readonly OwnerTotals[]
}

export const NO_OWNERS: OwnersPart = {
  settings: { rules: { usage: [], billed: [] }, share: 'none', count: 0 },
  monthToDate: [],
}
