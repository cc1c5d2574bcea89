import type { ActiveSession, Label } from '../ledger/ledger.ts'
import { labelValue } from './labels.ts'
import type { Snapshot } from './snapshot.ts'

/** A session is active while its last response is no older than this. */
export const ACTIVE_MS = 5 * 60 * 1000

export type ActiveRow = Snapshot['active'][number]

interface ActiveTotals {
  best: UseOfLabel
  tokens: number
  unattendedRequests: number | null
}

interface UseOfLabel {
  readonly label: Label
  readonly tokens: number
}

export interface ActiveContext {
  readonly labels: ReadonlyMap<number, Label>
  readonly before: readonly ActiveRow[]
  /** Whether machines are told apart. */
  readonly showsMachine: boolean
}

/**
 * Active sessions per source, agent, project and machine. A session counts once, under its main agent where that was active, else
 * under the agent that used most. Groups of `before` that are idle now stay, at 0, so that a graph comes down. The
 * order of `sessions` does not matter: rows are sorted by source, agent, project and machine.
 */
export function activeRows(
  sessions: readonly ActiveSession[],
  { labels, before, showsMachine }: ActiveContext,
): readonly ActiveRow[] {
  const bySession = new Map<string, ActiveTotals>()
  for (const { source, session, label: id, tokens, unattendedRequests } of sessions) {
    const label = labels.get(id)
    if (label === undefined) continue
    const key = `${source}\n${session}`
    const known = bySession.get(key)
    if (known === undefined) {
      bySession.set(key, { best: { label, tokens }, tokens, unattendedRequests })
      continue
    }
    known.tokens += tokens
    known.unattendedRequests = larger(known.unattendedRequests, unattendedRequests)
    if (compareUse({ label, tokens }, known.best) < 0) known.best = { label, tokens }
  }
  const rows = new Map<string, ActiveRow>()
  for (const row of before) {
    rows.set(keyOf(row), { ...row, sessions: 0, tokensPerMinuteMax: 0, unattendedRequestsMax: null })
  }
  for (const { best, tokens, unattendedRequests } of bySession.values()) {
    const { label } = best
    const { source } = label
    const agent = labelValue(label.agent)
    const project = labelValue(label.project)
    const machine = showsMachine ? labelValue(label.machine) : null
    const key = keyOf({ source, agent, project, machine })
    const row = rows.get(key)
    rows.set(key, {
      source,
      agent,
      project,
      machine,
      sessions: (row?.sessions ?? 0) + 1,
      tokensPerMinuteMax: Math.max(row?.tokensPerMinuteMax ?? 0, tokens / (ACTIVE_MS / 60_000)),
      unattendedRequestsMax: larger(row?.unattendedRequestsMax ?? null, unattendedRequests),
    })
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

function keyOf({
  source,
  agent,
  project,
  machine,
}: Pick<ActiveRow, 'source' | 'agent' | 'project' | 'machine'>): string {
  return JSON.stringify([source, agent, project, machine])
}

/** Negative where a session is rather that of `a`: the main agent first, then who used most, then by name. */
function compareUse(a: UseOfLabel, b: UseOfLabel): number {
  const isMain = ({ label }: UseOfLabel) => (label.agent === 'none' ? 0 : 1)
  return (
    isMain(a) - isMain(b) ||
    b.tokens - a.tokens ||
    compareText(a.label.agent, b.label.agent) ||
    compareText(a.label.project, b.label.project) ||
    compareText(a.label.machine, b.label.machine)
  )
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The larger of two numbers that may be unknown. */
function larger(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.max(a, b)
}
