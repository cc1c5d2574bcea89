import type { ApiDimension } from '../../organization.ts'
import type { Rows } from '../rows.ts'
import type { Work } from './database.ts'

/** Columns of a label set, in the order of its values; the organisation stands before them. */
const COLUMNS = [
  'workspace_id',
  'api_key_id',
  'model',
  'service_tier',
  'context_window',
  'cost_type',
  'token_type',
  'description',
] as const

type Texts<Names extends readonly unknown[]> = { readonly [Index in keyof Names]: string }
export type LabelValues = Texts<typeof COLUMNS>

const DIMENSION_INDEX: Readonly<Record<ApiDimension, number>> = {
  organization: 0,
  workspace: 1,
  api_key: 2,
  model: 3,
  service_tier: 4,
  context_window: 5,
  cost_type: 6,
  token_type: 7,
  description: 8,
}

/** Gives each label set of an organisation its id, a new one where it has none. For one transaction. */
export function labelIds({ rows, run }: Work, organization: string): (values: LabelValues) => number {
  const ids = new Map<string, number>()
  for (const [id, ...values] of rows.all(
    `SELECT id, ${COLUMNS.join(', ')} FROM api_label WHERE organization = ?`,
    organization,
  )) {
    ids.set(JSON.stringify(values), Number(id))
  }
  return (values) => {
    const key = JSON.stringify(values)
    const known = ids.get(key)
    if (known !== undefined) return known
    run(
      `INSERT INTO api_label(organization, ${COLUMNS.join(', ')}) VALUES(?, ${COLUMNS.map(() => '?').join(', ')})`,
      organization,
      ...values,
    )
    const id = Number(
      rows.one(
        `SELECT id FROM api_label WHERE organization = ? AND ${COLUMNS.map((name) => `${name} = ?`).join(' AND ')}`,
        organization,
        ...values,
      )?.[0],
    )
    ids.set(key, id)
    return id
  }
}

/** The values of the dimensions asked for, per label id. */
export function labelGroups(rows: Rows, organization: string, by: readonly ApiDimension[]): Map<number, string[]> {
  return new Map(
    rows
      .all(`SELECT id, organization, ${COLUMNS.join(', ')} FROM api_label WHERE organization = ?`, organization)
      .map(([id, ...values]) => [Number(id), by.map((dimension) => String(values[DIMENSION_INDEX[dimension]]))]),
  )
}
