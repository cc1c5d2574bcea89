import { instant, localDay } from './sql.ts'
import { CACHE, USAGE } from './usage-columns.ts'
import { type Output, output, type View, view } from './view.ts'

const FROM = 'FROM rollup JOIN label ON label.id = rollup.label_id'

const DAY = output(
  'day',
  'date',
  localDay('rollup.slot'),
  'Day in the time zone of `claude_usage.time_zone`, else UTC.',
)

const dimension = (name: string, about: string) => output(name, 'text', `label.${name}`, about)
const SOURCE = dimension('source', 'Whose logs: `claude-code`, `openclaw` or `pi`.')
const AGENT = dimension('agent', 'Agent, `none` for the session itself.')
const PROJECT = dimension('project', 'Folder of the repository that was worked in.')
const PROVIDER = dimension('provider', 'Who ran the model.')
const MODEL = dimension('model', 'Canonical id of the model.')
const MACHINE = dimension('machine', 'Machine whose logs told of it first.')

/** A view with a row per combination of the dimensions. */
function grouped(name: string, about: string, by: readonly Output[], sums: readonly Output[]): View {
  return view(name, about, [...by, ...sums], `${FROM}\nGROUP BY ${by.map((_, index) => index + 1).join(', ')}`)
}

/** What the session logs tell, per day. */
export const USAGE_VIEWS: readonly View[] = [
  grouped('daily_spend', 'Usage and its cost, a row per day.', [DAY], USAGE),
  grouped('spend_by_model', 'Usage and its cost, a row per day, provider and model.', [DAY, PROVIDER, MODEL], USAGE),
  grouped('spend_by_project', 'Usage and its cost, a row per day and project.', [DAY, PROJECT], USAGE),
  grouped('spend_by_agent', 'Usage and its cost, a row per day, source and agent.', [DAY, SOURCE, AGENT], USAGE),
  grouped('spend_by_machine', 'Usage and its cost, a row per day and machine.', [DAY, MACHINE], USAGE),
  grouped(
    'cache_efficiency',
    'How well caching paid, a row per day, project, provider and model. Ratios of several rows are not averaged: divide the sums.',
    [DAY, PROJECT, PROVIDER, MODEL],
    CACHE,
  ),
]

/** Who made most of the requests of a session; of equals the first by name. */
const MAIN_USE = `(SELECT DISTINCT ON (session_id) session_id, agent, project
      FROM (SELECT rollup.session_id, label.agent, label.project, SUM(rollup.requests) AS requests
            ${FROM} GROUP BY 1, 2, 3) used
      ORDER BY session_id, requests DESC, agent COLLATE "C", project COLLATE "C") main`

export const SESSION_VIEWS: readonly View[] = [
  view(
    'most_expensive_sessions',
    'A row per session over its whole time, the most expensive first: by estimated cost, then plan value, then tokens.',
    [
      output('source', 'text', 'session.source', SOURCE.about),
      output('session_id', 'text', 'session.ext_id', 'Id of the session, unique within its source.'),
      output('agent', 'text', 'main.agent', 'Agent that made most of its requests.'),
      output('project', 'text', 'main.project', 'Project of most of its requests, together with the agent.'),
      output('first_response_at', 'timestamptz', instant('session.first_at'), 'Time of its first response.'),
      output('last_response_at', 'timestamptz', instant('session.last_at'), 'Time of its last response.'),
      ...USAGE,
    ],
    `${FROM}
JOIN session ON session.id = rollup.session_id
JOIN ${MAIN_USE} ON main.session_id = session.id
GROUP BY session.id, main.agent, main.project
ORDER BY estimated_cost_usd DESC, plan_value_usd DESC, total_tokens DESC, session.source, session.ext_id`,
  ),
]
