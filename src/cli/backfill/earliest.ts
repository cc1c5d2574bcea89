import { startOfQuarterHour } from '../../backfill/instants.ts'
import { type Ledger, SLOT_MS } from '../../ledger/ledger.ts'

const REPORTS = ['usage', 'cost'] as const

/**
 * A quarter of an hour before anything the ledger has, so that every series can be seen to begin: epoch milliseconds,
 * null for an empty ledger.
 */
export async function earliestOf(
  ledger: Pick<Ledger, 'span' | 'organizations' | 'coverage'>,
  now: number,
): Promise<number | null> {
  const span = await ledger.span()
  const firsts = span === null ? [] : [span.first]
  for (const organization of await ledger.organizations()) {
    for (const report of REPORTS) {
      const [covered] = await ledger.coverage(organization, report, { from: 0, to: now })
      if (covered !== undefined) firsts.push(covered.day)
    }
  }
  return firsts.length === 0 ? null : startOfQuarterHour(Math.min(...firsts)) - SLOT_MS
}
