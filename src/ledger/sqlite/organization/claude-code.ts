import type { ClaudeCodeModel, ClaudeCodeRow } from '../../../core/organization.ts'
import type { StoredClaudeCodeRow, Window } from '../../organization.ts'
import type { Rows } from '../rows.ts'
import { fromAmount, toAmount } from './amount.ts'
import type { Work } from './database.ts'
import type { RowStore, StoredRow } from './replace.ts'

const KEY = ['start', 'actor_type', 'actor', 'terminal', 'is_remote', 'customer_type', 'subscription_type']
const COUNTS = [
  'sessions',
  'lines_added',
  'lines_removed',
  'commits',
  'pull_requests',
  'edits_accepted',
  'edits_rejected',
]
const MODEL = ['model', 'input', 'output', 'cache_read', 'cache_write', 'estimated_usd', 'estimated_pico']

const keyOf = (row: ClaudeCodeRow) => [
  row.start,
  row.actorType,
  row.actor,
  row.terminal,
  row.isRemote ? 1 : 0,
  row.customerType,
  row.subscriptionType,
]
const countsOf = (row: ClaudeCodeRow) => [
  row.sessions,
  row.linesAdded,
  row.linesRemoved,
  row.commits,
  row.pullRequests,
  row.editsAccepted,
  row.editsRejected,
]
const modelOf = (model: ClaudeCodeModel) => [
  model.model,
  model.input,
  model.output,
  model.cacheRead,
  model.cacheWrite,
  ...toAmount(model.estimatedPico),
]

/** Text of the counts and models, models in no matter which order. */
function contentOf(counts: readonly unknown[], models: readonly (readonly unknown[])[]): string {
  const cells = models.map((model) => JSON.stringify(model.map(String))).sort()
  return JSON.stringify([counts.map(String), cells])
}

interface StoredDay extends StoredRow {
  readonly id: number
  readonly row: ClaudeCodeRow
}

const columns = ['organization', ...KEY, 'width', ...COUNTS]
const INSERT = `INSERT INTO claude_code_day(${columns.join(', ')}) VALUES(${columns.map(() => '?').join(', ')})`
const FIND = `SELECT id FROM claude_code_day WHERE organization = ? AND ${KEY.map((name) => `${name} = ?`).join(' AND ')}`
const INSERT_MODEL = `INSERT INTO claude_code_model(day_id, ${MODEL.join(', ')})
  VALUES(?, ${MODEL.map(() => '?').join(', ')})`

/** The stored rows of the Claude Code report within a window. */
export function claudeCodeStore(
  { rows, run }: Work,
  window: Window<ClaudeCodeRow>,
): RowStore<ClaudeCodeRow, StoredDay> {
  const { organization, widthMs, from, to } = window
  const remove = ({ id }: StoredDay) => {
    run('DELETE FROM claude_code_model WHERE day_id = ?', id)
    run('DELETE FROM claude_code_day WHERE id = ?', id)
  }
  const key = (row: ClaudeCodeRow) => JSON.stringify(keyOf(row))
  const content = (row: ClaudeCodeRow) => contentOf([widthMs, ...countsOf(row)], row.models.map(modelOf))
  return {
    report: 'claude-code',
    table: 'claude_code_day',
    stored: () =>
      readDays(rows, { from, to, organization }).map(({ id, width, row }) => ({
        key: key(row),
        content: contentOf([width, ...countsOf(row)], row.models.map(modelOf)),
        start: row.start,
        width,
        generation: null,
        id,
        row,
      })),
    key,
    content,
    write: (row, old) => {
      if (old !== undefined) remove(old)
      run(INSERT, organization, ...keyOf(row), widthMs, ...countsOf(row))
      const id = Number(rows.one(FIND, organization, ...keyOf(row))?.[0])
      for (const model of row.models) run(INSERT_MODEL, id, ...modelOf(model))
    },
    remove,
  }
}

/** Rows of all organisations whose day begins within the range, by organisation and day. */
export function readClaudeCode(
  rows: Rows,
  range: { readonly from: number; readonly to: number },
): StoredClaudeCodeRow[] {
  return readDays(rows, range).map(({ organization, row }) => ({ organization, ...row }))
}

interface DayQuery {
  readonly from: number
  readonly to: number
  readonly organization?: string
}

function readDays(rows: Rows, { from, to, organization }: DayQuery) {
  const where = `start >= ? AND start < ?${organization === undefined ? '' : ' AND organization = ?'}`
  const parameters = organization === undefined ? [from, to] : [from, to, organization]
  const models = new Map<number, ClaudeCodeModel[]>()
  for (const [day, model, input, output, cacheRead, cacheWrite, usd, pico] of rows.all(
    `SELECT day_id, ${MODEL.join(', ')} FROM claude_code_model
     WHERE day_id IN (SELECT id FROM claude_code_day WHERE ${where}) ORDER BY day_id, model`,
    ...parameters,
  )) {
    const list = models.get(Number(day)) ?? []
    models.set(Number(day), list)
    list.push({
      model: String(model),
      input: Number(input),
      output: Number(output),
      cacheRead: Number(cacheRead),
      cacheWrite: Number(cacheWrite),
      estimatedPico: fromAmount(usd, pico),
    })
  }
  return rows
    .all(
      `SELECT id, width, organization, ${[...KEY, ...COUNTS].join(', ')} FROM claude_code_day
       WHERE ${where} ORDER BY organization, start, id`,
      ...parameters,
    )
    .map(([id, width, name, ...cells]) => ({
      id: Number(id),
      width: Number(width),
      organization: String(name),
      row: dayFrom(cells, models.get(Number(id)) ?? []),
    }))
}

/** Cells in the order of KEY and COUNTS. */
function dayFrom(cells: readonly unknown[], models: readonly ClaudeCodeModel[]): ClaudeCodeRow {
  const [start, actorType, actor, terminal, isRemote, customerType, subscriptionType, ...counts] = cells
  const count = (index: number) => Number(counts[index])
  return {
    start: Number(start),
    actorType: actorType === 'user' ? 'user' : 'api_key',
    actor: String(actor),
    terminal: String(terminal),
    isRemote: Number(isRemote) === 1,
    customerType: String(customerType),
    subscriptionType: String(subscriptionType),
    sessions: count(0),
    linesAdded: count(1),
    linesRemoved: count(2),
    commits: count(3),
    pullRequests: count(4),
    editsAccepted: count(5),
    editsRejected: count(6),
    models,
  }
}
