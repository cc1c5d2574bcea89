import type { MachineRow } from '../ledger/machines.ts'
import { type Group, queryGroups, sortGroups } from './groups.ts'
import { idleMachines } from './machines.ts'
import type { Grouping, Sort } from './options.ts'
import { choosePeriod, type Period } from './period.ts'
import type { ReportRequest } from './request.ts'
import { sumOf, type Totals } from './totals.ts'

/** A report with a row per combination of what it groups by. */
export interface GroupReportKind {
  readonly name: 'daily' | 'models' | 'projects' | 'agents' | 'machines' | 'sessions'
  readonly title: string
  readonly by: readonly Grouping[]
  readonly sort: Sort
  /** Rows shown unless the command line says otherwise; null for all. */
  readonly top: number | null
  /** Whether sessions per row, and the average cost of one, are part of it. */
  readonly countSessions: boolean
}

export const GROUP_REPORTS = {
  daily: {
    name: 'daily',
    title: 'Daily usage',
    by: ['day'],
    sort: { key: 'name', descending: false },
    top: null,
    countSessions: false,
  },
  models: {
    name: 'models',
    title: 'Usage by model',
    by: ['model'],
    sort: { key: 'cost', descending: true },
    top: null,
    countSessions: false,
  },
  projects: {
    name: 'projects',
    title: 'Usage by project',
    by: ['project'],
    sort: { key: 'cost', descending: true },
    top: null,
    countSessions: true,
  },
  agents: {
    name: 'agents',
    title: 'Usage by agent',
    by: ['source', 'agent'],
    sort: { key: 'cost', descending: true },
    top: null,
    countSessions: false,
  },
  machines: {
    name: 'machines',
    title: 'Usage by machine',
    by: ['machine'],
    sort: { key: 'cost', descending: true },
    top: null,
    countSessions: true,
  },
  sessions: {
    name: 'sessions',
    title: 'Sessions',
    by: ['session'],
    sort: { key: 'cost', descending: true },
    top: 20,
    countSessions: false,
  },
} as const satisfies Record<string, GroupReportKind>

export const DEFAULT_DAYS = 30

export interface GroupReport {
  readonly kind: GroupReportKind
  readonly period: Period
  readonly by: readonly Grouping[]
  /** In order, as many as asked for. */
  readonly groups: readonly Group[]
  /** How many more there are, and their sums. */
  readonly rest: { readonly groups: number; readonly totals: Totals }
  readonly totals: Totals
  /** All that the ledger knows, in a report by machine; empty in others. */
  readonly machines: readonly MachineRow[]
}

export async function makeGroupReport(kind: GroupReportKind, request: ReportRequest): Promise<GroupReport> {
  const { ledger, options, where, context } = request
  const period = choosePeriod(options, DEFAULT_DAYS, context)
  const by = [...new Set([...kind.by, ...(options.by ?? [])])]
  const { timeZone } = context
  const found = await queryGroups(ledger, { period, timeZone, by, where, countSessions: kind.countSessions })
  const machines = kind.name === 'machines' ? await ledger.machines() : []
  found.push(...idleMachines(machines, found, { by, where }))
  const groups = sortGroups(found, options.sort ?? kind.sort)
  const top = options.top ?? kind.top ?? groups.length
  const rest = groups.slice(top)
  return {
    kind,
    period,
    by,
    groups: groups.slice(0, top),
    rest: { groups: rest.length, totals: sumOf(rest.map(({ totals }) => totals)) },
    totals: sumOf(groups.map(({ totals }) => totals)),
    machines,
  }
}
