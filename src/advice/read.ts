import { DAY_MS } from '../core/time.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { queryGroups, sortGroups } from '../report/groups.ts'
import { lastSevenDays, type Period } from '../report/period.ts'
import type { Snapshot } from '../view/snapshot.ts'
import type { Advice, AdviceSession, AdviceUsage } from './advice.ts'
import { advise } from './advise.ts'

const WEEK_MS = 7 * DAY_MS
/** Sessions that advice is given on. */
const MOST_EXPENSIVE = 10

/** Advice on what the ledger holds at the instant of the snapshot. Rejects with LedgerError. */
export async function readAdvice(ledger: Ledger, snapshot: Snapshot): Promise<readonly Advice[]> {
  const { at, timeZone, alertThresholds: thresholds } = snapshot
  const now = lastSevenDays({ now: at, timeZone, span: null })
  const before: Period = { ...now, from: now.from - WEEK_MS, to: now.from, isOpen: false }
  return advise({
    ...snapshot,
    thresholds,
    last7Days: await readUsage(ledger, now, timeZone),
    before: await readUsage(ledger, before, timeZone),
    sessions: await readSessions(ledger, now, timeZone),
  })
}

async function readUsage(ledger: Ledger, period: Period, timeZone: string): Promise<readonly AdviceUsage[]> {
  const by = ['source', 'agent', 'project', 'provider', 'model'] as const
  const groups = await queryGroups(ledger, { period, timeZone, by, where: {}, countSessions: false })
  return groups.map(({ key: [source = '', agent = '', project = '', provider = '', model = ''], totals }) => ({
    source,
    agent,
    project,
    provider,
    model,
    totals,
  }))
}

async function readSessions(ledger: Ledger, period: Period, timeZone: string): Promise<readonly AdviceSession[]> {
  const groups = await queryGroups(ledger, { period, timeZone, by: ['session'], where: {}, countSessions: false })
  return sortGroups(groups, { key: 'cost', descending: true })
    .slice(0, MOST_EXPENSIVE)
    .flatMap(({ key: [session = ''], session: facts, totals }) =>
      facts === null
        ? []
        : [
            {
              source: facts.source,
              session,
              agent: facts.agent,
              project: facts.project,
              durationMs: facts.last - facts.first,
              totals,
            },
          ],
    )
}
