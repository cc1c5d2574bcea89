/**
 * What people are told, by Alertmanager and by the built-in notifier alike. `{name}` stands for a value: a template of
 * Prometheus fills it in a rule, plain text in a notice. A summary is one fixed sentence.
 */
export interface AlertText {
  readonly summary: string
  readonly description: string
}

/** The values a description may name, by what the alert is about. */
export const SUBJECT_VALUES = {
  budget: [
    'budget',
    'used_percent',
    'spent',
    'limit',
    'period_end',
    'forecast',
    'forecast_percent',
    'exhausted_at',
    'burn_1h',
    'burn_6h',
    'burn_3d',
  ],
  session: ['source', 'agent', 'project', 'tokens_per_minute', 'requests'],
  agent: ['subject', 'tokens_per_minute', 'usual_tokens_per_minute', 'cost_last_hour', 'usual_cost'],
  sessions: ['sessions', 'limit'],
  balance: ['organization', 'balance', 'runway_days'],
  organization: ['source'],
} as const
export type Subject = keyof typeof SUBJECT_VALUES

/** Alerts that the notifier can send, too. The others need the history or the outside view that Prometheus has. */
export const NOTICE_TEXTS = {
  ClaudeBudgetNearLimit: {
    subject: 'budget',
    summary: 'A budget is nearly used up.',
    description:
      'Budget {budget} has used {used_percent} of its limit: {spent} of {limit}. The period ends {period_end}.',
  },
  ClaudeBudgetExceeded: {
    subject: 'budget',
    summary: 'A budget is exceeded.',
    description:
      'Budget {budget} has used {used_percent} of its limit: {spent} of {limit}. The period ends {period_end}.',
  },
  ClaudeBudgetForecastExceeded: {
    subject: 'budget',
    summary: 'A budget is expected to be exceeded.',
    description:
      'Budget {budget} is forecast to end at {forecast}, {forecast_percent} of its limit of {limit}. So far it is {spent}; the period ends {period_end}.',
  },
  ClaudeBudgetExhaustsBeforeReset: {
    subject: 'budget',
    summary: 'A budget is expected to run out before it is renewed.',
    description:
      'Budget {budget} is expected to reach its limit of {limit} at {exhausted_at}, before the period ends {period_end}. So far it is {spent}.',
  },
  ClaudeBudgetBurnFast: {
    subject: 'budget',
    summary: 'A budget is being used up very fast.',
    description:
      'Budget {budget} is spent {burn_1h} times as fast as its limit allows, over the last hour. Used so far: {spent} of {limit}.',
  },
  ClaudeBudgetBurnSlow: {
    subject: 'budget',
    summary: 'A budget is being used up faster than it is renewed.',
    description:
      'Budget {budget} is spent {burn_3d} times as fast as its limit allows, over three days. Used so far: {spent} of {limit}.',
  },
  ClaudeRunawaySession: {
    subject: 'session',
    summary: 'A session uses tokens at a very high rate.',
    description:
      'A session of agent {agent} in project {project} ({source}) uses {tokens_per_minute} tokens per minute.',
  },
  ClaudeUnattendedSession: {
    subject: 'session',
    summary: 'A session makes many requests without a human turn.',
    description:
      'A session of agent {agent} in project {project} ({source}) has made {requests} requests since somebody last wrote to it.',
  },
  ClaudeRunawayAgent: {
    subject: 'agent',
    summary: 'An agent uses many times the tokens it usually does.',
    description:
      '{subject} uses {tokens_per_minute} tokens per minute without cache reads; usual while it works is {usual_tokens_per_minute}.',
  },
  ClaudeUnusualSpend: {
    subject: 'agent',
    summary: 'Spending is far above what is usual for this hour of the week.',
    description:
      '{subject} has cost {cost_last_hour} in the last hour; usual for this hour of the week is {usual_cost}.',
  },
  ClaudeTooManyActiveSessions: {
    subject: 'sessions',
    summary: 'Very many sessions are active at the same time.',
    description: '{sessions} sessions are active; more than {limit} are thought too many.',
  },
  ClaudeBalanceLow: {
    subject: 'balance',
    summary: 'The prepaid balance will not last long.',
    description:
      'By the entered top-ups and the bill, organisation {organization} has {balance} left, which lasts {runway_days} days at the rate of the last week. The balance is computed.',
  },
  ClaudeBalanceExhausted: {
    subject: 'balance',
    summary: 'The prepaid balance is used up.',
    description:
      'By the entered top-ups and the bill, organisation {organization} has {balance} left. Requests may be refused. The balance is computed.',
  },
  ClaudeCredentialsRejected: {
    subject: 'organization',
    summary: "The provider refuses the exporter's credentials.",
    description: 'Source {source} is refused by the API. Usage and billed cost are not read until that is put right.',
  },
} as const satisfies Readonly<Record<string, AlertText & { readonly subject: Subject }>>
export type NoticeName = keyof typeof NOTICE_TEXTS

/** Puts the values into a description. A value that is not given stays visible, in its braces. */
export function fillText(text: string, values: Readonly<Partial<Record<string, string>>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
