import { isoTime } from '../core/period.ts'
import type { MachineRow } from '../ledger/machines.ts'
import type { GroupReport } from './group-report.ts'
import type { Group } from './groups.ts'
import { jsonHead, periodJson, usageJson } from './json.ts'
import type { ReportRequest } from './request.ts'

/**
 * Document of a group report: `rows` with the values of `by` under `group` and their usage, the usage of rows that were
 * left out under `rest`, and `totals` over both. Rows of sessions also tell about the session, rows of machines about the
 * machine.
 */
export function groupReportJson(report: GroupReport, { where, context, freshness }: ReportRequest) {
  const { kind, period, by, groups, rest, totals, machines } = report
  const { timeZone } = context
  return {
    ...jsonHead(kind.name, context, freshness),
    window: periodJson(period, timeZone),
    filters: where,
    by,
    rows: groups.map((group) => ({
      group: Object.fromEntries(by.map((name, index) => [name, group.key[index]])),
      ...(kind.countSessions && { sessions: group.sessions }),
      ...sessionJson(group, timeZone),
      ...(kind.name === 'machines' && machineJson(group.key[by.indexOf('machine')], machines, timeZone)),
      ...usageJson(group.totals),
    })),
    rest: { rows: rest.groups, ...usageJson(rest.totals) },
    totals: usageJson(totals),
  }
}

function machineJson(name: string | undefined, machines: readonly MachineRow[], timeZone: string) {
  const machine = machines.find((row) => row.name === name)
  const time = (at: number | null | undefined) => (at === null || at === undefined ? null : isoTime(at, timeZone))
  return {
    machine: {
      version: machine?.version ?? null,
      lastSeen: time(machine?.seenAt),
      lastRead: time(machine?.readAt),
      newestResponse: time(machine?.newestAt),
    },
  }
}

function sessionJson({ session }: Group, timeZone: string) {
  if (session === null) return {}
  const { source, agent, project, models, first, last } = session
  return {
    session: {
      source,
      agent,
      project,
      models,
      first: isoTime(first, timeZone),
      last: isoTime(last, timeZone),
      durationSeconds: Math.round((last - first) / 1000),
    },
  }
}
