import { above, aboveMultiple, inParentheses, kept, RATE_HOLD } from '../promql.ts'
import type { AlertRule, RuleGroup } from '../rule.ts'
import { NOTICE_TEXTS } from '../texts.ts'
import { agentValues, sessionsValues, sessionValues } from '../values.ts'

/** The families that are told of agents and, under the other name, of projects; and the labels of either. */
const KINDS = [
  { kind: 'agent', labels: 'source, agent' },
  { kind: 'project', labels: 'project' },
] as const

const unusualRates = ofEither((kind, labels) => {
  const rate = kept(`claude_${kind}_tokens_per_minute`, RATE_HOLD)
  const usual = kept(`claude_${kind}_usual_tokens_per_minute`, RATE_HOLD)
  return `${aboveMultiple(rate, usual, labels, 'agent_rate_ratio')}
and
${above(rate, 'agent_rate_tokens')}`
})

const unusualCosts = ofEither((kind, labels) => {
  const cost = kept(`claude_${kind}_cost_last_hour_usd`, RATE_HOLD)
  const usual = kept(`claude_${kind}_cost_usual_hour_usd`, RATE_HOLD)
  return `${aboveMultiple(cost, usual, labels, 'unusual_cost_ratio')}
and
${above(cost, 'unusual_cost_usd')}`
})

/** What costs money while somebody looks elsewhere. `for` is short: two evaluations at an interval of a minute. */
export const runawayAlerts: RuleGroup<AlertRule> = {
  name: 'claude-usage.runaways.alerts',
  rules: [
    {
      alert: 'ClaudeRunawaySession',
      severity: 'critical',
      expr: above(kept('claude_session_tokens_per_minute_max', RATE_HOLD), 'session_rate_tokens'),
      for: '1m',
      keepFiringFor: '10m',
      text: NOTICE_TEXTS.ClaudeRunawaySession,
      values: sessionValues,
      dashboard: 'projects',
      dashboardLabels: ['agent', 'project'],
    },
    {
      alert: 'ClaudeRunawayAgent',
      severity: 'critical',
      expr: unusualRates,
      for: '1m',
      keepFiringFor: '10m',
      text: NOTICE_TEXTS.ClaudeRunawayAgent,
      values: agentValues,
      dashboard: 'projects',
      dashboardLabels: ['agent', 'project'],
    },
    {
      alert: 'ClaudeTooManyActiveSessions',
      severity: 'critical',
      expr: above(
        `sum without (source, agent, project, machine) ${kept('claude_active_sessions', RATE_HOLD)}`,
        'active_sessions_count',
      ),
      for: '1m',
      keepFiringFor: '10m',
      text: NOTICE_TEXTS.ClaudeTooManyActiveSessions,
      values: sessionsValues,
      dashboard: 'overview',
    },
    {
      alert: 'ClaudeUnattendedSession',
      severity: 'warning',
      expr: above(kept('claude_session_unattended_requests_max', RATE_HOLD), 'unattended_requests_count'),
      for: '1m',
      keepFiringFor: '10m',
      text: NOTICE_TEXTS.ClaudeUnattendedSession,
      values: sessionValues,
      dashboard: 'projects',
      dashboardLabels: ['agent', 'project'],
    },
    {
      alert: 'ClaudeUnusualSpend',
      severity: 'warning',
      expr: unusualCosts,
      for: '5m',
      keepFiringFor: '15m',
      text: NOTICE_TEXTS.ClaudeUnusualSpend,
      values: agentValues,
      dashboard: 'projects',
      dashboardLabels: ['agent', 'project'],
    },
  ],
}

function ofEither(expr: (kind: string, labels: string) => string): string {
  return KINDS.map(({ kind, labels }) => inParentheses(expr(kind, labels))).join('\nor\n')
}
