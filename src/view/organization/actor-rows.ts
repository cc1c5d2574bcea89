import type { StoredClaudeCodeRow } from '../../ledger/organization.ts'
import { labelValue } from '../labels.ts'
import type { ActorTotals } from './part.ts'

const COUNTS = [
  'sessions',
  'linesAdded',
  'linesRemoved',
  'commits',
  'pullRequests',
  'editsAccepted',
  'editsRejected',
] as const
type Counts = Record<(typeof COUNTS)[number], number>

/** The rows of one organisation summed over days, terminals and subscriptions. */
export function actorRows(organization: string, rows: readonly StoredClaudeCodeRow[]): readonly ActorTotals[] {
  const sums = new Map<string, { readonly counts: Counts; readonly models: Map<string, bigint> }>()
  for (const row of rows) {
    if (row.organization !== organization) continue
    const actor = labelValue(row.actor)
    const sum = sums.get(actor) ?? { counts: noCounts(), models: new Map<string, bigint>() }
    sums.set(actor, sum)
    for (const name of COUNTS) sum.counts[name] += row[name]
    for (const { model, estimatedPico } of row.models) {
      const label = labelValue(model)
      sum.models.set(label, (sum.models.get(label) ?? 0n) + estimatedPico)
    }
  }
  return [...sums].map(([actor, { counts, models }]) => ({
    labels: { organization, actor },
    ...counts,
    models: [...models].map(([model, pico]) => ({ labels: { organization, actor, model }, pico })),
  }))
}

function noCounts(): Counts {
  return {
    sessions: 0,
    linesAdded: 0,
    linesRemoved: 0,
    commits: 0,
    pullRequests: 0,
    editsAccepted: 0,
    editsRejected: 0,
  }
}
