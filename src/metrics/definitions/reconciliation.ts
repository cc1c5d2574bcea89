import { PICO_PER_USD, usdFromPico } from '../../core/money.ts'
import type { Reconciliation } from '../../view/organization/part.ts'
import type { Snapshot } from '../../view/snapshot.ts'
import { type MetricDefinition, metric, type Sample } from '../definition.ts'

const NO_LABELS = {}
const WINDOW =
  'over the newest 7 UTC days in a row that are settled in every organization. A gauge that moves on with the days; ' +
  'absent where no such days are known.'

/** The session logs beside the bill. Apart from each other: an estimate and a bill are never one sum. */
export const reconciliationDefinitions = [
  metric({
    name: 'claude_reconciliation_ratio',
    type: 'gauge',
    help:
      'Estimated cost of the session logs divided by billed cost of all organizations, not clamped: below 1 where ' +
      `others or other programs use the organization, above 1 where the logs also tell of other organizations' use; ${WINDOW} ` +
      'Absent too where nothing was billed.',
    unit: 'ratio',
    labels: [],
    collector: 'billing',
    read: (snapshot) => known(snapshot, ratioSamples),
  }),
  amount(
    'claude_reconciliation_estimated_usd',
    'US dollars of metered use of the provider "anthropic" by the session logs, at list prices,',
    (row) => row.estimatedPico,
  ),
  amount(
    'claude_reconciliation_billed_usd',
    'US dollars the provider bills, all organizations and costs together,',
    (row) => row.billedPico,
  ),
]

function amount(name: string, help: string, pico: (row: Reconciliation) => bigint): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help: `${help} ${WINDOW}`,
    unit: 'usd',
    labels: [],
    collector: 'billing',
    scale: 'pico',
    read: (snapshot) => known(snapshot, (row) => [[NO_LABELS, pico(row)]]),
  })
}

/** While history is loaded, the logs' side is not known yet. */
function known(
  snapshot: Snapshot,
  samples: (row: Reconciliation) => readonly Sample<never>[],
): readonly Sample<never>[] {
  const { reconciliation } = snapshot.organizations
  return reconciliation === null || !snapshot.complete ? [] : samples(reconciliation)
}

function ratioSamples({ estimatedPico, billedPico }: Reconciliation): readonly Sample<never>[] {
  if (billedPico <= 0n) return []
  // Twelve places of the exact quotient; only then a float.
  return [[NO_LABELS, usdFromPico((estimatedPico * PICO_PER_USD) / billedPico)]]
}
