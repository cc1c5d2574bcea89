import { metric } from '../definition.ts'

const SESSION_LABELS = ['source', 'agent', 'project', 'machine'] as const

/** Sessions and what runs right now. */
export const sessionDefinitions = [
  metric({
    name: 'claude_sessions_started_total',
    type: 'counter',
    help: 'Sessions in the session logs since the ledger began, each counted where its first response was. A resumed session is not a new one.',
    unit: 'sessions',
    labels: SESSION_LABELS,
    collector: 'sessions',
    read: (snapshot) => snapshot.sessionsStarted.map((row) => [row, row.sessions] as const),
  }),
  metric({
    name: 'claude_active_sessions',
    type: 'gauge',
    help: 'Sessions with a response in the last 5 minutes.',
    unit: 'sessions',
    labels: SESSION_LABELS,
    collector: 'sessions',
    read: (snapshot) => snapshot.active.map((row) => [row, row.sessions] as const),
  }),
  metric({
    name: 'claude_session_tokens_per_minute_max',
    type: 'gauge',
    help: 'Tokens of all classes per minute of the fastest active session, mean of the last 5 minutes.',
    unit: 'tokens per minute',
    labels: SESSION_LABELS,
    collector: 'sessions',
    read: (snapshot) => snapshot.active.map((row) => [row, row.tokensPerMinuteMax] as const),
  }),
  metric({
    name: 'claude_session_unattended_requests_max',
    type: 'gauge',
    help:
      'Most requests that a session active in the last 5 minutes has made since its last human turn, within 24 hours. ' +
      'Absent where no human turn of any of them is known.',
    unit: 'requests',
    labels: SESSION_LABELS,
    collector: 'sessions',
    read: (snapshot) =>
      snapshot.active.flatMap((row) =>
        row.unattendedRequestsMax === null ? [] : [[row, row.unattendedRequestsMax] as const],
      ),
  }),
  metric({
    name: 'claude_agent_model_info',
    type: 'gauge',
    help: 'Always 1: the model an agent used last.',
    unit: '',
    labels: ['source', 'agent', 'model', 'machine'],
    collector: 'sessions',
    read: (snapshot) => snapshot.modelInUse.map((row) => [row, 1] as const),
  }),
]
