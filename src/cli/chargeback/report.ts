import type { OwnerShare } from '../../core/owner.ts'
import type { ChargebackGrouping } from '../../owners/chargeback.ts'
import type { MonthReport } from '../../owners/report.ts'
import type { Freshness } from '../../report/freshness.ts'
import type { PeriodContext } from '../../report/period.ts'

/** Everything the chargeback is printed from. */
export interface ChargebackReport {
  readonly months: readonly MonthReport[]
  readonly by: ChargebackGrouping | null
  readonly detail: boolean
  readonly share: OwnerShare
  /** How many rules the configuration has. */
  readonly rules: number
  readonly context: PeriodContext
  readonly freshness: Freshness
}
