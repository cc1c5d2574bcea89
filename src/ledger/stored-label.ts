import type { Label, LabelRow } from './ledger.ts'

/** Columns that make a label, in the order of `labelValues`. */
export const LABEL_COLUMNS = [
  'source',
  'agent',
  'provider',
  'model',
  'model_id',
  'project',
  'branch',
  'billing',
  'machine',
] as const

/** Values of LABEL_COLUMNS. */
export function labelValues(label: Label): readonly string[] {
  const { source, agent, provider, model, modelId, project, branch, billing, machine } = label
  return [source, agent, provider, model, modelId, project, branch, billing, machine]
}

/** A label from the values of its id, LABEL_COLUMNS, `exposed`, `zero_until` and `folded`. */
export function toLabelRow(values: readonly unknown[]): LabelRow {
  const [id, source, agent, provider, model, modelId, project, branch, billing, machine, ...flags] = values
  const [exposed, zeroUntil, folded] = flags
  return {
    id: Number(id),
    source: source as Label['source'],
    agent: String(agent),
    provider: String(provider),
    model: String(model),
    modelId: String(modelId),
    project: String(project),
    branch: String(branch),
    billing: billing as Label['billing'],
    machine: String(machine),
    exposed: Number(exposed) === 1,
    zeroUntil: Number(zeroUntil),
    folded: Number(folded) === 1,
  }
}
