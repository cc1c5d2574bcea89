import { OTHER } from '../../view/labels.ts'
import type { ActorModelCost, ActorTotals } from '../../view/organization/part.ts'
import type { Snapshot } from '../../view/snapshot.ts'
import { type MetricDefinition, metric, type Sample } from '../definition.ts'
import { foldSmallest, magnitude, otherLabels } from './fold.ts'
import { MONTH_UTC, ofOrganizations, RESTATED } from './organization-rows.ts'

const LABELS = ['organization', 'actor'] as const
const WHO = `by the provider's count, per user or API key, ${MONTH_UTC}. ${RESTATED}`

/** What people do with Claude Code, by the provider's own count. */
export const claudeCodeDefinitions = [
  count('claude_user_sessions_month_to_date', 'Claude Code sessions', 'sessions', (row) => row.sessions),
  count('claude_user_commits_month_to_date', 'Commits made with Claude Code', 'commits', (row) => row.commits),
  count(
    'claude_user_pull_requests_month_to_date',
    'Pull requests made with Claude Code',
    'pull requests',
    (row) => row.pullRequests,
  ),
  metric({
    name: 'claude_user_lines_month_to_date',
    type: 'gauge',
    help: `Lines of code added and removed with Claude Code ${WHO}`,
    unit: 'lines',
    labels: [...LABELS, 'change'],
    collector: 'api',
    read: (snapshot) =>
      actorRows(snapshot).flatMap(({ labels, linesAdded, linesRemoved }) => [
        [{ ...labels, change: 'added' }, linesAdded] as const,
        [{ ...labels, change: 'removed' }, linesRemoved] as const,
      ]),
  }),
  metric({
    name: 'claude_user_edits_month_to_date',
    type: 'gauge',
    help: `Edits of files that Claude Code offered, by decision, ${WHO}`,
    unit: 'edits',
    labels: [...LABELS, 'decision'],
    collector: 'api',
    read: (snapshot) =>
      actorRows(snapshot).flatMap(({ labels, editsAccepted, editsRejected }) => [
        [{ ...labels, decision: 'accepted' }, editsAccepted] as const,
        [{ ...labels, decision: 'rejected' }, editsRejected] as const,
      ]),
  }),
  metric({
    name: 'claude_user_estimated_cost_month_to_date_usd',
    type: 'gauge',
    help: `US dollars of Claude Code use by the provider's estimate, per user or API key, ${MONTH_UTC}. Not a bill, and part of no other family. ${RESTATED}`,
    unit: 'usd',
    labels: [...LABELS, 'model'],
    collector: 'api',
    scale: 'pico',
    read: costSamples,
  }),
]

function count(name: string, what: string, unit: string, value: (row: ActorTotals) => number): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help: `${what} ${WHO}`,
    unit,
    labels: LABELS,
    collector: 'api',
    read: (snapshot) => actorRows(snapshot).map((row) => [row.labels, value(row)] as const),
  })
}

function actorRows(snapshot: Snapshot): readonly ActorTotals[] {
  return foldSmallest(
    ofOrganizations(snapshot, (figures) => figures.claudeCodeMonthToDate),
    {
      limit: snapshot.series.limit,
      organization: (row) => row.labels.organization,
      size: (row) => BigInt(row.sessions),
      fold: (organization, [first, ...others]) => ({
        ...others.reduce(add, first),
        labels: { organization, actor: OTHER },
      }),
    },
  )
}

function costSamples(snapshot: Snapshot): readonly Sample<'organization' | 'actor' | 'model'>[] {
  const rows = ofOrganizations<ActorModelCost>(
    snapshot,
    (figures) => figures.claudeCodeMonthToDate?.flatMap(({ models }) => models) ?? null,
  )
  return foldSmallest(rows, {
    limit: snapshot.series.limit,
    organization: (row) => row.labels.organization,
    size: (row) => magnitude(row.pico),
    fold: (_, folded) => ({
      labels: otherLabels(folded[0].labels),
      pico: folded.reduce((sum, { pico }) => sum + pico, 0n),
    }),
  }).map((row) => [row.labels, row.pico] as const)
}

function add(a: ActorTotals, b: ActorTotals): ActorTotals {
  return {
    labels: a.labels,
    sessions: a.sessions + b.sessions,
    linesAdded: a.linesAdded + b.linesAdded,
    linesRemoved: a.linesRemoved + b.linesRemoved,
    commits: a.commits + b.commits,
    pullRequests: a.pullRequests + b.pullRequests,
    editsAccepted: a.editsAccepted + b.editsAccepted,
    editsRejected: a.editsRejected + b.editsRejected,
    models: [],
  }
}
