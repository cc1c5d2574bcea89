import type { Label, LabelRow } from '../ledger.ts'
import { LABEL_COLUMNS, labelValues, toLabelRow } from '../stored-label.ts'
import { type ColumnType, type HotQueries, transposed, unnested } from './hot-queries.ts'
import { labelHash } from './label-text.ts'
import { chunks } from './messages.ts'
import type { StagedMap } from './staged-map.ts'
import { storable } from './text.ts'

const TEXTS: readonly ColumnType[] = LABEL_COLUMNS.map((name) => [name, 'text'])
const names = LABEL_COLUMNS.join(', ')
const columns = (table: string) =>
  ['id', ...LABEL_COLUMNS, 'exposed', 'zero_until', 'folded'].map((name) => `${table}.${name}`).join(', ')

const FIND = `SELECT ${columns('label')} FROM ${unnested(TEXTS)}
  JOIN label ON ${labelHash((name) => `label.${name}`)} = ${labelHash((name) => `u.${name}`)}`
const INSERT = `INSERT INTO label(${names}, exposed, zero_until, folded)
  SELECT ${names}, $${TEXTS.length + 1}::integer, $${TEXTS.length + 2}::bigint, 0 FROM ${unnested(TEXTS)}
  ON CONFLICT DO NOTHING RETURNING ${columns('label')}`
const BY_ID = `SELECT ${columns('label')} FROM label WHERE id = ANY($1::integer[])`
/** Whoever is to show them has to wait: until then what is counted under them may fall. */
const HIDDEN = `${BY_ID} ORDER BY id FOR SHARE`

export interface Exposure {
  readonly exposed: boolean
  readonly zeroUntil: number
}

/** The labels of a transaction. Ids are known from before, what is shown of a label is read once per transaction. */
export class Labels {
  readonly #hot: HotQueries
  readonly #ids: StagedMap<string, number>
  readonly #rows = new Map<number, LabelRow>()

  constructor(hot: HotQueries, ids: StagedMap<string, number>) {
    this.#hot = hot
    this.#ids = ids
  }

  async intern(labels: readonly Label[], exposure: Exposure): Promise<readonly LabelRow[]> {
    const wanted = new Map(labels.map(storableLabel).map((label) => [textOf(label), label]))
    const found = new Map<string, number>()
    const isMissing = ([text]: [string, Label]) => !found.has(text)
    for (const text of wanted.keys()) {
      const id = this.#ids.get(text)
      if (id !== undefined) found.set(text, id)
    }
    const keep = (rows: readonly LabelRow[]) => {
      for (const row of rows) found.set(textOf(row), row.id)
    }
    keep(await this.#find([...wanted].filter(isMissing).map(([, label]) => label)))
    const unknown = [...wanted].filter(isMissing).sort(([a], [b]) => (a < b ? -1 : 1))
    if (unknown.length > 0) {
      keep(
        await this.#insert(
          unknown.map(([, label]) => label),
          exposure,
        ),
      )
      // Somebody else made them at the same time.
      keep(await this.#find(unknown.filter(isMissing).map(([, label]) => label)))
    }
    for (const [text, id] of found) this.#ids.set(text, id)
    await this.load([...found.values()])
    return Promise.all(labels.map((label) => this.get(found.get(textOf(storableLabel(label))) ?? 0)))
  }

  async get(id: number): Promise<LabelRow> {
    await this.load([id])
    const row = this.#rows.get(id)
    if (row === undefined) throw new Error(`label ${id} is missing`)
    return row
  }

  /** Reads those that are not known yet. */
  async load(ids: readonly number[]): Promise<void> {
    const wanted = [...new Set(ids)].filter((id) => !this.#rows.has(id))
    if (wanted.length === 0) return
    const found = (await this.#hot.rows(BY_ID, [wanted])).map(toLabelRow)
    this.#keep(found.filter(({ exposed }) => exposed))
    const hidden = found.filter(({ exposed }) => !exposed).map(({ id }) => id)
    if (hidden.length > 0) this.#keep((await this.#hot.rows(HIDDEN, [hidden])).map(toLabelRow))
  }

  forget(): void {
    this.#rows.clear()
  }

  async #find(labels: readonly Label[]): Promise<readonly LabelRow[]> {
    const rows: LabelRow[] = []
    for (const chunk of chunks(labels)) rows.push(...(await this.#hot.rows(FIND, texts(chunk))).map(toLabelRow))
    this.#keep(rows.filter(({ exposed }) => exposed))
    return rows
  }

  async #insert(labels: readonly Label[], { exposed, zeroUntil }: Exposure): Promise<readonly LabelRow[]> {
    const rows: LabelRow[] = []
    for (const chunk of chunks(labels)) {
      rows.push(...(await this.#hot.rows(INSERT, [...texts(chunk), exposed ? 1 : 0, zeroUntil])).map(toLabelRow))
    }
    this.#keep(rows)
    return rows
  }

  #keep(rows: readonly LabelRow[]): void {
    for (const row of rows) this.#rows.set(row.id, row)
  }
}

function texts(labels: readonly Label[]): unknown[][] {
  return transposed(labels.map(labelValues), LABEL_COLUMNS.length)
}

function textOf(label: Label): string {
  return JSON.stringify(labelValues(label))
}

function storableLabel(label: Label): Label {
  const { agent, provider, model, modelId, project, branch, machine } = label
  return {
    ...label,
    agent: storable(agent),
    provider: storable(provider),
    model: storable(model),
    modelId: storable(modelId),
    project: storable(project),
    branch: storable(branch),
    machine: storable(machine),
  }
}
