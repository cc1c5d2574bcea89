import type { AlertThresholdValues } from '../core/alert-thresholds.ts'
import { countText, usdText } from '../core/figure-text.ts'
import { PICO_PER_USD } from '../core/money.ts'
import { nameText } from '../lib/name-text.ts'
import type { OrganizationFigures } from '../view/organization/part.ts'
import type { Snapshot } from '../view/snapshot.ts'
import { type Notice, notice, noticeKey } from './notice.ts'

/** As `for` in the alert rules. */
const HOLD_MS = 60_000
const UNUSUAL_HOLD_MS = 5 * 60_000
const REFUSED_HOLD_MS = 10 * 60_000

type ActiveRow = Snapshot['active'][number]
type HabitRow = Snapshot['habits'][number]

/** What is to be told of the sessions that are active. */
export function sessionNotices(active: readonly ActiveRow[], thresholds: AlertThresholdValues): readonly Notice[] {
  const notices = active.flatMap((row) => [
    ...(row.tokensPerMinuteMax > thresholds.session_rate_tokens ? [ofSession('ClaudeRunawaySession', row)] : []),
    ...((row.unattendedRequestsMax ?? 0) > thresholds.unattended_requests_count
      ? [ofSession('ClaudeUnattendedSession', row)]
      : []),
  ])
  const sessions = active.reduce((sum, row) => sum + row.sessions, 0)
  const limit = thresholds.active_sessions_count
  if (sessions <= limit) return notices
  const tooMany = notice('ClaudeTooManyActiveSessions', {
    key: [],
    severity: 'critical',
    repeats: 'after_quiet',
    labels: {},
    values: { sessions: countText(sessions), limit: countText(limit) },
    holdMs: HOLD_MS,
  })
  return [...notices, tooMany]
}

function ofSession(name: 'ClaudeRunawaySession' | 'ClaudeUnattendedSession', row: ActiveRow): Notice {
  const { source, agent, project, machine } = row
  return notice(name, {
    key: [source, agent, project, ...(machine === null ? [] : [machine])],
    severity: name === 'ClaudeRunawaySession' ? 'critical' : 'warning',
    repeats: 'after_quiet',
    labels: { source, agent, project, ...(machine !== null && { machine }) },
    values: {
      source: nameText(source),
      agent: nameText(agent),
      project: nameText(project),
      tokens_per_minute: countText(row.tokensPerMinuteMax),
      requests: countText(row.unattendedRequestsMax ?? 0),
    },
    holdMs: HOLD_MS,
  })
}

/** What is to be told of an agent or project, compared with what it usually does. */
export function habitNotices(row: HabitRow, thresholds: AlertThresholdValues): readonly Notice[] {
  return [
    ...(isRunaway(row, thresholds) ? [ofHabit('ClaudeRunawayAgent', row)] : []),
    ...(isUnusual(row, thresholds) ? [ofHabit('ClaudeUnusualSpend', row)] : []),
  ]
}

function isRunaway({ tokensPerMinute, usualTokensPerMinute }: HabitRow, thresholds: AlertThresholdValues): boolean {
  if (usualTokensPerMinute === null || tokensPerMinute <= thresholds.agent_rate_tokens) return false
  return tokensPerMinute > thresholds.agent_rate_ratio * usualTokensPerMinute
}

function isUnusual({ costLastHourPico, usualHourCostPico }: HabitRow, thresholds: AlertThresholdValues): boolean {
  if (usualHourCostPico === null || Number(costLastHourPico) <= thresholds.unusual_cost_usd * Number(PICO_PER_USD)) {
    return false
  }
  return Number(costLastHourPico) > thresholds.unusual_cost_ratio * Number(usualHourCostPico)
}

function ofHabit(name: 'ClaudeRunawayAgent' | 'ClaudeUnusualSpend', row: HabitRow): Notice {
  const { kind, source } = row
  return notice(name, {
    key: [kind, source, row.name],
    severity: name === 'ClaudeRunawayAgent' ? 'critical' : 'warning',
    repeats: 'after_quiet',
    labels: kind === 'agent' ? { source, agent: row.name } : { project: row.name },
    values: {
      subject: kind === 'agent' ? `Agent ${nameText(row.name)} (${nameText(source)})` : `Project ${nameText(row.name)}`,
      tokens_per_minute: countText(row.tokensPerMinute),
      usual_tokens_per_minute: row.usualTokensPerMinute === null ? 'unknown' : countText(row.usualTokensPerMinute),
      cost_last_hour: usdText(row.costLastHourPico),
      usual_cost: row.usualHourCostPico === null ? 'unknown' : usdText(row.usualHourCostPico),
    },
    holdMs: name === 'ClaudeRunawayAgent' ? HOLD_MS : UNUSUAL_HOLD_MS,
  })
}

/** Told once until the API accepts the credential again. */
export function organizationNotices({ organization, credentialsOk, sources }: OrganizationFigures): readonly Notice[] {
  if (credentialsOk !== false) return []
  const refused = sources.filter(({ up }) => up === false).map(({ source }) => nameText(source))
  return [
    notice('ClaudeCredentialsRejected', {
      key: [organization],
      severity: 'warning',
      repeats: 'once',
      holdMs: REFUSED_HOLD_MS,
      labels: { organization },
      values: { source: refused.length === 0 ? nameText(organization) : refused.join(', ') },
    }),
  ]
}

/** Key of the notice that may come again, because the credential of the organisation is accepted. */
export function acceptedKey({ organization, credentialsOk }: OrganizationFigures): string | null {
  return credentialsOk === true ? noticeKey('ClaudeCredentialsRejected', organization) : null
}
