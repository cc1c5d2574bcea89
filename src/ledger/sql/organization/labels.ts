import type { ApiDimension } from '../../organization.ts'
import { rowChunks, rowMarks } from '../chunks.ts'
import type { Db, Rows } from '../store.ts'

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

/**
 * The id of each label set of an organisation, new ones for those that have none. For one transaction. Label sets are
 * LabelValues as the database gives them back.
 */
export async function labelIds(
  db: Db,
  organization: string,
  wanted: readonly (readonly string[])[],
): Promise<(values: readonly string[]) => number> {
  const columns = COLUMNS.join(', ')
  const ids = new Map<string, number>()
  const remember = (found: readonly (readonly unknown[])[]) => {
    for (const [id, ...values] of found) ids.set(JSON.stringify(values), Number(id))
  }
  remember(await db.all(`SELECT id, ${columns} FROM api_label WHERE organization = ?`, organization))
  const unknown = new Map<string, readonly string[]>()
  for (const values of wanted) {
    const key = JSON.stringify(values)
    if (!ids.has(key)) unknown.set(key, values)
  }
  for (const chunk of rowChunks([...unknown.values()].map((values) => [organization, ...values]))) {
    remember(
      await db.all(
        `INSERT INTO api_label(organization, ${columns}) VALUES ${rowMarks(chunk)} RETURNING id, ${columns}`,
        ...chunk.flat(),
      ),
    )
  }
  return (values) => {
    const id = ids.get(JSON.stringify(values))
    if (id === undefined) throw new Error(`api_label: a label set of ${organization} has no id`)
    return id
  }
}

/** The values of the dimensions asked for, per label id. */
export async function labelGroups(
  rows: Rows,
  organization: string,
  by: readonly ApiDimension[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const found = await rows.all(
    `SELECT id, organization, ${COLUMNS.join(', ')} FROM api_label WHERE organization = ?`,
    organization,
  )
  return new Map(
    found.map(([id, ...values]) => [Number(id), by.map((dimension) => String(values[DIMENSION_INDEX[dimension]]))]),
  )
}
