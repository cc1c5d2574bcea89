import type { ActiveSession, Label } from '../ledger/ledger.ts'
import { labelValue } from './labels.ts'
import type { Snapshot } from './snapshot.ts'

/** A session is active while its last response is no older than this. */
export const ACTIVE_MS = 5 * 60 * 1000

export type ActiveRow = Snapshot['active'][number]

interface ActiveTotals {
  label: Label
  tokens: number
  /** Tokens of the label that used most. */
  largest: number
  unattendedRequests: number | null
}

/**
 * Active sessions per source, agent and project. A session counts once, under its main agent where that was active, else
 * under the agent that used most. Groups of `before` that are idle now stay, at 0, so that a graph comes down. The
 * order of `sessions` does not matter: rows are sorted by source, agent and project.
 */
export function activeRows(
  sessions: readonly ActiveSession[],
  labels: ReadonlyMap<number, Label>,
  before: readonly ActiveRow[],
): readonly ActiveRow[] {
  const bySession = new Map<string, ActiveTotals>()
  for (const { source, session, label: id, tokens, unattendedRequests } of sessions) {
    const label = labels.get(id)
    if (label === undefined) continue
    const key = `${source}\n${session}`
    const known = bySession.get(key)
    if (known === undefined) {
      bySession.set(key, { label, tokens, largest: tokens, unattendedRequests })
      continue
    }
    known.tokens += tokens
    known.unattendedRequests = larger(known.unattendedRequests, unattendedRequests)
    const isBetter =
      known.label.agent !== 'none' &&
      (label.agent === 'none' ||
        tokens > known.largest ||
        (tokens === known.largest && label.agent < known.label.agent))
    if (isBetter) known.label = label
    known.largest = Math.max(known.largest, tokens)
  }
  const rows = new Map<string, ActiveRow>()
  for (const { source, agent, project } of before) {
    rows.set(JSON.stringify([source, agent, project]), {
      source,
      agent,
      project,
      sessions: 0,
      tokensPerMinuteMax: 0,
      unattendedRequestsMax: null,
    })
  }
  for (const { label, tokens, unattendedRequests } of bySession.values()) {
    const { source } = label
    const agent = labelValue(label.agent)
    const project = labelValue(label.project)
    const key = JSON.stringify([source, agent, project])
    const row = rows.get(key)
    rows.set(key, {
      source,
      agent,
      project,
      sessions: (row?.sessions ?? 0) + 1,
      tokensPerMinuteMax: Math.max(row?.tokensPerMinuteMax ?? 0, tokens / (ACTIVE_MS / 60_000)),
      unattendedRequestsMax: larger(row?.unattendedRequestsMax ?? null, unattendedRequests),
    })
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/** The larger of two numbers that may be unknown. */
function larger(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.max(a, b)
}
