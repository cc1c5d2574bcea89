import { machineState } from '../core/machine-state.ts'
import { isoTime } from '../core/period.ts'
import { SOURCE_NAMES } from '../core/usage.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { GROUP_REPORTS, type GroupReport, type GroupReportKind, makeGroupReport } from '../report/group-report.ts'
import type { Group } from '../report/groups.ts'
import { periodJson, usageJson } from '../report/json.ts'
import { FILTERS, type ReportFilters, SORT_KEYS } from '../report/options.ts'
import type { Totals } from '../report/totals.ts'
import { labelValue } from '../view/labels.ts'
import type { ApiContext } from './context.ts'
import { documentHead, timeOrNull } from './head.ts'
import { PAGE, pageOf } from './page.ts'
import { name, oneOf, type Values } from './parameter.ts'
import { chooseRange, LONG_RANGE } from './range.ts'
import type {
  AgentsDocument,
  MachinesDocument,
  ModelsDocument,
  ProjectsDocument,
  SessionsDocument,
} from './schema/lists.ts'
import { slicedLedger } from './sliced.ts'

const ORDERS = ['asc', 'desc'] as const
const TIMELESS_SORT_KEYS = SORT_KEYS.filter((key) => key !== 'start' && key !== 'last')

const FILTER_PARAMETERS = {
  source: oneOf('Only this source.', SOURCE_NAMES),
  agent: name('Only this agent; `none` is the main one.'),
  project: name('Only this project.'),
  model: name('Only this model.'),
  provider: name('Only this provider.'),
  branch: name('Only this git branch.'),
  billing: oneOf('Only use that is paid per token, or that a plan covers.', ['metered', 'plan']),
  machine: name('Only what the logs of this machine told of first.'),
}

const order = oneOf('Smallest or largest first; the largest unless given, and names from A to Z.', ORDERS)

export const LIST_PARAMETERS = {
  ...LONG_RANGE,
  ...FILTER_PARAMETERS,
  sort: oneOf('What rows are sorted by; cost unless given.', TIMELESS_SORT_KEYS),
  order,
  ...PAGE,
}
export const SESSION_PARAMETERS = {
  ...LIST_PARAMETERS,
  sort: oneOf('What rows are sorted by; cost unless given. `start` and `last` are times of the session.', SORT_KEYS),
}
type ListValues = Values<typeof SESSION_PARAMETERS>

export async function sessionsDocument(values: ListValues, context: ApiContext): Promise<SessionsDocument> {
  const { zone, report } = await read(GROUP_REPORTS.sessions, values, context)
  return listOf('sessions', report, values, context, ({ key: [session = ''], session: facts }) => ({
    source: facts?.source ?? 'unknown',
    session,
    agent: facts?.agent ?? 'unknown',
    project: facts?.project ?? 'unknown',
    models: [...(facts?.models ?? [])],
    first: isoTime(facts?.first ?? 0, zone),
    last: isoTime(facts?.last ?? 0, zone),
    durationSeconds: Math.round(((facts?.last ?? 0) - (facts?.first ?? 0)) / 1000),
  }))
}

export async function projectsDocument(values: ListValues, context: ApiContext): Promise<ProjectsDocument> {
  const { report } = await read(GROUP_REPORTS.projects, values, context)
  return listOf('projects', report, values, context, ({ key: [project = ''], sessions }) => ({ project, sessions }))
}

export async function modelsDocument(values: ListValues, context: ApiContext): Promise<ModelsDocument> {
  const { report } = await read(GROUP_REPORTS.models, values, context)
  return listOf('models', report, values, context, ({ key: [model = ''] }) => ({ model }))
}

export async function agentsDocument(values: ListValues, context: ApiContext): Promise<AgentsDocument> {
  const { report } = await read(GROUP_REPORTS.agents, values, context)
  const { modelInUse, active } = context.current
  return listOf('agents', report, values, context, ({ key: [source = '', agent = ''] }) => {
    const isIt = (row: { readonly source: string; readonly agent: string }) =>
      row.source === source && row.agent === labelValue(agent)
    return {
      source,
      agent,
      modelInUse: modelInUse.find(isIt)?.model ?? null,
      activeSessions: active.filter(isIt).reduce((sum, { sessions }) => sum + sessions, 0),
    }
  })
}

export async function machinesDocument(values: ListValues, context: ApiContext): Promise<MachinesDocument> {
  const { zone, report } = await read(GROUP_REPORTS.machines, values, context)
  const silentAfter = context.current.alertThresholds.machine_silent_after_seconds
  return listOf('machines', report, values, context, ({ key: [machine = ''], sessions }) => {
    const known = report.machines.find(({ name }) => name === machine) ?? null
    return {
      machine,
      version: known?.version ?? null,
      state: machineState(known, context.at, silentAfter),
      lastSeen: timeOrNull(known?.seenAt ?? null, zone),
      lastRead: timeOrNull(known?.readAt ?? null, zone),
      newestResponse: timeOrNull(known?.newestAt ?? null, zone),
      sessions,
    }
  })
}

/** The report that the command of the name makes; null while the history is loaded. */
async function read(kind: GroupReportKind, values: ListValues, context: ApiContext) {
  const { current, at, timeZone } = context
  const zone = values.tz ?? timeZone
  const frozen = await context.ledger.freeze()
  try {
    const span = await frozen.ledger.span()
    const period = chooseRange(values, { now: at, timeZone, span })
    const report = current.complete ? await reportOf(kind, values, frozen.ledger, { period, zone, at, span }) : null
    return { zone, report: report ?? { period, groups: [], totals: null, machines: [] } }
  } finally {
    await frozen.ledger.close()
  }
}

interface Asked {
  readonly period: GroupReport['period']
  readonly zone: string
  readonly at: number
  readonly span: Awaited<ReturnType<Ledger['span']>>
}

function reportOf(kind: GroupReportKind, values: ListValues, ledger: Ledger, { zone, at, span }: Asked) {
  const { days, from, to, sort = 'cost' } = values
  return makeGroupReport(
    { ...kind, top: null },
    {
      ledger: slicedLedger(ledger),
      options: {
        ...(days !== undefined && { days }),
        ...(from !== undefined && { since: from }),
        ...(to !== undefined && { until: to }),
        sort: { key: sort, descending: (values.order ?? (sort === 'name' ? 'asc' : 'desc')) === 'desc' },
      },
      where: filtersOf(values),
      context: { now: at, timeZone: zone, span },
      freshness: { origin: 'exporter', readAt: null, newest: null, isComplete: true, roots: [] },
    },
  )
}

function listOf<const Name extends string, Row>(
  document: Name,
  { period, groups, totals }: Pick<GroupReport, 'period' | 'groups'> & { readonly totals: Totals | null },
  values: ListValues,
  context: ApiContext,
  row: (group: Group) => Row,
) {
  const zone = values.tz ?? context.timeZone
  const { page, rows } = pageOf(groups, values)
  const usage = (sums: Totals) => ({ ...usageJson(sums), billedCostUsd: null })
  return {
    ...documentHead(document, context, zone),
    range: periodJson(period, zone),
    filters: { ...filtersOf(values) },
    page,
    totals: totals && usage(totals),
    rows: rows.map((group) => ({ ...row(group), ...usage(group.totals) })),
  }
}

function filtersOf(values: ListValues): ReportFilters {
  return Object.fromEntries(
    FILTERS.flatMap((filter) => (values[filter] === undefined ? [] : [[filter, values[filter]]])),
  )
}
