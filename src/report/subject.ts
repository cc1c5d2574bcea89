import { OperatorError } from '../core/errors.ts'
import type { SourceName } from '../core/usage.ts'
import { type Ledger, SLOT_MS } from '../ledger/ledger.ts'
import { choosePeriod, localTime, namedDay, type Period, type PeriodContext } from './period.ts'
import type { ReportRequest } from './request.ts'
import { shortIds } from './short-ids.ts'

/** What `explain` is asked about. */
export type ExplainSubject =
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'session'; readonly source: SourceName; readonly session: string }

/** Finds the day or the session a text names. Throws OperatorError where there is none or more than one. */
export async function findSubject(
  text: string,
  request: ReportRequest,
): Promise<{ readonly subject: ExplainSubject; readonly period: Period }> {
  const { options, context } = request
  const day = namedDay(text, context)
  const hasPeriod = options.days !== undefined || options.since !== undefined || options.until !== undefined
  if (day !== null) {
    if (hasPeriod)
      throw new OperatorError('A day is a period already', { fix: 'Leave out --days, --since and --until.' })
    return { subject: { kind: 'day', day: localTime(day.from, context.timeZone).slice(0, 10) }, period: day }
  }
  const { source, session, first, last } = await findSession(text, request)
  const whole: Period = {
    from: Math.floor(first / SLOT_MS) * SLOT_MS,
    to: Math.floor(last / SLOT_MS) * SLOT_MS + SLOT_MS,
    kind: 'chosen',
    isOpen: false,
  }
  const chosen = hasPeriod ? choosePeriod(options, 1, context) : whole
  const period = { ...whole, from: Math.max(whole.from, chosen.from), to: Math.min(whole.to, chosen.to) }
  return { subject: { kind: 'session', source, session }, period: { ...period, to: Math.max(period.from, period.to) } }
}

type FoundSession = Awaited<ReturnType<Ledger['findSessions']>>[number]

async function findSession(text: string, { ledger, where, context }: ReportRequest): Promise<FoundSession> {
  const begun = (await ledger.findSessions(text)).filter(
    ({ source }) => where.source === undefined || where.source === source,
  )
  const exact = begun.filter(({ session }) => session === text)
  const found = exact.length > 0 ? exact : begun
  const [only] = found
  if (only === undefined) {
    throw new OperatorError('There is neither a day nor a session of this name', {
      seen: text,
      fix: 'Give a day (2026-05-04, today, yesterday) or the beginning of a session id; `claude-usage-exporter sessions --days all` lists them.',
    })
  }
  if (found.length > 1) {
    throw new OperatorError('Several sessions begin like this', { seen: text, fix: listText(found, context) })
  }
  return only
}

function listText(sessions: readonly FoundSession[], { timeZone }: PeriodContext): string {
  const short = shortIds(sessions.map(({ session }) => session))
  const lines = sessions.map(
    ({ source, session, first, last }) =>
      `  ${short(session)}  ${localTime(first, timeZone)} to ${localTime(last, timeZone)}  ${source}`,
  )
  const isSameId = new Set(sessions.map(({ session }) => session)).size < sessions.length
  return [`Give more of the id${isSameId ? ', or --source' : ''}:`, ...lines].join('\n')
}
