import * as z from 'zod/mini'
import { MACHINE_STATES } from '../../core/machine-state.ts'
import { GENERATIONS } from '../../core/organization.ts'
import { SYNC_CAUSES, SYNC_FAILURES, SYNC_RESULTS } from '../../core/sync-run.ts'
import { count, head, page, range, time, usage, usageOf, usd } from './basics.ts'
import { about, component } from './component.ts'

const name = z.string()

/** A document with a page of rows and the totals of all. */
function usageList<Name extends string, Shape extends Record<string, z.ZodMiniType>>(document: Name, row: Shape) {
  return z.strictObject({
    ...head(document),
    range,
    filters: z.record(z.string(), z.string()),
    page,
    totals: about('Of all rows; null while `complete` is false.', z.nullable(usage)),
    rows: z.array(usageOf(row)),
  })
}

export const sessionsDocument = component(
  'SessionsDocument',
  'Sessions with use in a range.',
  usageList('sessions', {
    source: name,
    session: about('Id of the session.', name),
    agent: about('The agent and the project of most of its requests.', name),
    project: name,
    models: about('The most expensive first.', z.array(name)),
    first: about('First and last response of the whole session.', time),
    last: time,
    durationSeconds: count,
  }),
)
export type SessionsDocument = z.infer<typeof sessionsDocument>

export const projectsDocument = component(
  'ProjectsDocument',
  'Use by project.',
  usageList('projects', { project: name, sessions: count }),
)
export type ProjectsDocument = z.infer<typeof projectsDocument>

export const agentsDocument = component(
  'AgentsDocument',
  'Use by agent; `none` is the main agent of a source.',
  usageList('agents', {
    source: name,
    agent: name,
    modelInUse: about('Of its newest request; null where it is not known.', z.nullable(name)),
    activeSessions: about('With activity in the last 5 minutes.', count),
  }),
)
export type AgentsDocument = z.infer<typeof agentsDocument>

export const modelsDocument = component('ModelsDocument', 'Use by model.', usageList('models', { model: name }))
export type ModelsDocument = z.infer<typeof modelsDocument>

export const machinesDocument = component(
  'MachinesDocument',
  'Machines, with their use and how fresh it is. Those without use are there unless something else is filtered by.',
  usageList('machines', {
    machine: about('The machine whose logs told of a response first.', name),
    version: about(
      'Of its exporter; null where the ledger knows it by its use only, as are the times.',
      z.nullable(name),
    ),
    state: about(
      '`silent`: no sign of life for longer than `alerts.machine_silent_after`; `stale`: alive, but its logs were not read for an hour; `unknown`: known by its use only.',
      z.enum(MACHINE_STATES),
    ),
    lastSeen: about('Last sign of life of its exporter.', z.nullable(time)),
    lastRead: about('When all its logs were last read as a whole; null before the first time.', z.nullable(time)),
    newestResponse: z.nullable(time),
    sessions: count,
  }),
)
export type MachinesDocument = z.infer<typeof machinesDocument>

const run = component(
  'Run',
  'One entry of the run log.',
  z.strictObject({
    id: count,
    source: name,
    cause: z.enum(SYNC_CAUSES),
    startedAt: z.nullable(time),
    endedAt: about('Null while it runs.', z.nullable(time)),
    durationSeconds: z.nullable(z.number()),
    result: z.enum(SYNC_RESULTS),
    generation: z.nullable(z.enum(GENERATIONS)),
    range: about(
      'What was to be read, in UTC; null where there is no range.',
      z.nullable(z.strictObject({ from: z.nullable(time), to: z.nullable(time) })),
    ),
    attempts: count,
    requests: count,
    changes: about(
      'Rows of the ledger; those fetched are added, changed or unchanged.',
      z.strictObject({ fetched: count, added: count, changed: count, removed: count, unchanged: count }),
    ),
    reason: z.nullable(z.enum(SYNC_FAILURES)),
    error: about('What went wrong, in words.', z.nullable(z.string())),
  }),
)

export const runsDocument = component(
  'RunsDocument',
  'The run log, newest first.',
  z.strictObject({ ...head('runs'), page, rows: z.array(run) }),
)
export type RunsDocument = z.infer<typeof runsDocument>

const source = component(
  'Source',
  'Where figures come from.',
  z.strictObject({
    source: name,
    kind: about('Session logs of this machine, or the API of an organisation.', z.enum(['logs', 'api'])),
    organization: z.nullable(name),
    inUse: about('False where nothing of it was ever found on this machine, which is normal.', z.boolean()),
    up: about(
      'False where it cannot be read; null before it was tried, and where it is not in use.',
      z.nullable(z.boolean()),
    ),
    lastSuccess: z.nullable(time),
    dataTo: about('Logs: time of the newest response. API: until when data are complete.', z.nullable(time)),
    nextRun: about('Null where it is followed all the time, or not by the clock.', z.nullable(time)),
    files: about('Log files; null for an API.', z.nullable(count)),
    linesRead: z.nullable(count),
    rejectedLines: z.nullable(count),
  }),
)

export const sourcesDocument = component(
  'SourcesDocument',
  'All sources.',
  z.strictObject({ ...head('sources'), page, rows: z.array(source) }),
)
export type SourcesDocument = z.infer<typeof sourcesDocument>

const price = about('US dollars per million tokens; null where no price is known.', z.nullable(usd))

export const pricesDocument = component(
  'PricesDocument',
  'List prices in force now.',
  z.strictObject({
    ...head('prices'),
    page,
    rows: z.array(
      z.strictObject({
        model: name,
        usdPerMillionTokens: z.strictObject({
          input: price,
          cacheWrite5m: price,
          cacheWrite1h: price,
          cacheRead: price,
          output: price,
        }),
      }),
    ),
  }),
)
export type PricesDocument = z.infer<typeof pricesDocument>

export const syncDocument = component(
  'SyncDocument',
  'What a request to read sources led to.',
  z.strictObject({
    ...head('sync'),
    runs: z.array(
      z.strictObject({
        source: name,
        joined: about('True where a run that was under way already is meant.', z.boolean()),
        run: about('Null while it waits for its turn: `/api/runs` will have it.', z.nullable(run)),
      }),
    ),
  }),
)
export type SyncDocument = z.infer<typeof syncDocument>
