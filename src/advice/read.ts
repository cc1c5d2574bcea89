import { compareInt } from '../core/integer.ts'
import { isoDate } from '../core/period.ts'
import { DAY_MS } from '../core/time.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { queryGroups, type SessionFacts } from '../report/groups.ts'
import { lastSevenDays, type Period } from '../report/period.ts'
import { addTotals, emptyTotals, estimatedPico, planPico, type Totals } from '../report/totals.ts'
import type { Snapshot } from '../view/snapshot.ts'
import type { Advice, AdviceSession, AdviceUsage } from './advice.ts'
import { advise } from './advise.ts'

const WEEK_MS = 7 * DAY_MS
/** Sessions of a kind of billing that advice is given on. */
const MOST_EXPENSIVE = 10

/** Advice on what the ledger holds at the instant of the snapshot. Rejects with LedgerError. */
export async function readAdvice(ledger: Ledger, snapshot: Snapshot): Promise<readonly Advice[]> {
  const { at, timeZone, alertThresholds: thresholds } = snapshot
  const now = lastSevenDays({ now: at, timeZone, span: null })
  const before: Period = { ...now, from: now.from - WEEK_MS, to: now.from, isOpen: false }
  const span = await ledger.span()
  return advise({
    ...snapshot,
    thresholds,
    historyMs: span === null ? 0 : at - span.first,
    last7Days: await readUsage(ledger, now, snapshot),
    before: await readUsage(ledger, before, snapshot),
    sessions: await readSessions(ledger, now, snapshot),
  })
}

type Moment = Pick<Snapshot, 'at' | 'timeZone'>

async function readUsage(ledger: Ledger, period: Period, moment: Moment): Promise<readonly AdviceUsage[]> {
  const { timeZone } = moment
  const by = ['source', 'agent', 'project', 'provider', 'model', 'day'] as const
  const groups = await queryGroups(ledger, { period, timeZone, by, where: {}, countSessions: false })
  const usage = new Map<string, AdviceUsage>()
  for (const { key, totals } of groups) {
    const [source = '', agent = '', project = '', provider = '', model = '', day = ''] = key
    const names = { source, agent, project, provider, model }
    const id = JSON.stringify(names)
    const daysAgo = daysSince(day, moment)
    const known = usage.get(id) ?? { totals: emptyTotals(), daysAgo }
    usage.set(id, {
      ...names,
      totals: addTotals(known.totals, totals),
      daysAgo: Math.min(known.daysAgo, daysAgo),
    })
  }
  return [...usage.values()]
}

/** From a local date to that of the moment. */
function daysSince(date: string, { at, timeZone }: Moment): number {
  return (Date.parse(isoDate(at, timeZone)) - Date.parse(date)) / DAY_MS
}

async function readSessions(ledger: Ledger, period: Period, moment: Moment): Promise<readonly AdviceSession[]> {
  const { timeZone } = moment
  const by = ['session', 'model'] as const
  const groups = await queryGroups(ledger, { period, timeZone, by, where: {}, countSessions: false })
  const sessions = new Map<string, Draft>()
  for (const { key, session: facts, totals } of groups) {
    const [session = '', model = ''] = key
    if (facts === null) continue
    const id = JSON.stringify([facts.source, session])
    const draft = sessions.get(id) ?? { session, facts, models: [], sum: emptyTotals() }
    sessions.set(id, draft)
    draft.models.push({ model, totals })
    addTotals(draft.sum, totals)
  }
  return mostExpensive([...sessions.values()]).map(({ session, facts, models }) => ({
    source: facts.source,
    session,
    agent: facts.agent,
    project: facts.project,
    durationMs: facts.last - facts.first,
    daysAgo: daysSince(isoDate(facts.last, timeZone), moment),
    models,
  }))
}

interface Draft {
  readonly session: string
  readonly facts: SessionFacts
  readonly models: AdviceSession['models'][number][]
  readonly sum: Totals
}

/** Those of metered use and those of plans, so that the ones never crowd out the others. */
function mostExpensive(drafts: readonly Draft[]): readonly Draft[] {
  const largest = (costOf: (totals: Totals) => bigint) =>
    [...drafts].sort((a, b) => compareInt(costOf(b.sum), costOf(a.sum))).slice(0, MOST_EXPENSIVE)
  return [...new Set([...largest(estimatedPico), ...largest(planPico)])]
}
