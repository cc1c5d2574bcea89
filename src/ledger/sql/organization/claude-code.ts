import type { ClaudeCodeModel, ClaudeCodeRow } from '../../../core/organization.ts'
import type { Window } from '../../organization.ts'
import { toAmount } from '../amount.ts'
import { chunksOf, marksOf, rowChunks, rowMarks } from '../chunks.ts'
import type { Db } from '../store.ts'
import { storedText } from '../text.ts'
import { COUNTS, KEY, MODEL, readDays } from './claude-code-reads.ts'
import type { RowStore, StoredRow } from './replace.ts'

const keyOf = (row: ClaudeCodeRow) => [
  row.start,
  row.actorType,
  storedText(row.actor),
  storedText(row.terminal),
  row.isRemote ? 1 : 0,
  storedText(row.customerType),
  storedText(row.subscriptionType),
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
  storedText(model.model),
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

/** The stored rows of the Claude Code report within a window. */
export function claudeCodeStore(db: Db, window: Window<ClaudeCodeRow>): RowStore<ClaudeCodeRow, StoredDay> {
  const { organization, widthMs, from, to } = window
  const remove = async (gone: readonly { readonly id: number }[]) => {
    for (const chunk of chunksOf(gone.map(({ id }) => id))) {
      await db.run(`DELETE FROM claude_code_model WHERE day_id IN (${marksOf(chunk)})`, ...chunk)
      await db.run(`DELETE FROM claude_code_day WHERE id IN (${marksOf(chunk)})`, ...chunk)
    }
  }
  const key = (row: ClaudeCodeRow) => JSON.stringify(keyOf(row))
  const content = (row: ClaudeCodeRow) => contentOf([widthMs, ...countsOf(row)], row.models.map(modelOf))
  return {
    report: 'claude-code',
    table: 'claude_code_day',
    stored: async () => {
      const days = await readDays(db, { from, to, organization })
      return days.map(({ id, width, row }) => ({
        key: key(row),
        content: contentOf([width, ...countsOf(row)], row.models.map(modelOf)),
        start: row.start,
        width,
        generation: null,
        id,
        row,
      }))
    },
    key,
    content,
    write: async (changes) => {
      await remove(changes.flatMap(({ old }) => old ?? []))
      const days = changes.map(({ row }) => [organization, ...keyOf(row), widthMs, ...countsOf(row)])
      const ids = await insertDays(db, days)
      await insertModels(
        db,
        changes.flatMap(({ row }) => row.models.map((model) => [ids.get(key(row)), ...modelOf(model)])),
      )
    },
    remove,
  }
}

/** Ids of the new rows by the text of their key. */
async function insertDays(db: Db, days: readonly (readonly unknown[])[]): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>()
  for (const chunk of rowChunks(days)) {
    const found = await db.all(
      `INSERT INTO claude_code_day(${columns.join(', ')}) VALUES ${rowMarks(chunk)} RETURNING id, ${KEY.join(', ')}`,
      ...chunk.flat(),
    )
    for (const [id, ...cells] of found) ids.set(JSON.stringify(cells), Number(id))
  }
  return ids
}

async function insertModels(db: Db, models: readonly (readonly unknown[])[]): Promise<void> {
  for (const chunk of rowChunks(models)) {
    await db.run(
      `INSERT INTO claude_code_model(day_id, ${MODEL.join(', ')}) VALUES ${rowMarks(chunk)}`,
      ...chunk.flat(),
    )
  }
}
