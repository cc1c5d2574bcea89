import { MEASURES, type Measures } from '../../core/measures.ts'
import { MESSAGE_COLUMNS, partCount, toMessageRow } from '../message-columns.ts'
import { chunksOf, marksOf } from '../sql/chunks.ts'
import type { Rows } from '../sql/store.ts'
import type { MessageRow, PartRow } from '../transaction.ts'
import { CHUNK_ROWS } from './moving.ts'

const columns = MESSAGE_COLUMNS.join(', ')
const partColumns = ['key', 'label_id', 'rate_id', 'cost_origin', ...MEASURES].join(', ')

/** Before every key. */
export const FIRST_KEY: Buffer = Buffer.alloc(0)

/** The next responses in the order of their keys. */
export async function readMessagesAfter(rows: Rows, key: Buffer): Promise<MessageRow[]> {
  const found = await rows.all(
    `SELECT key, ${columns} FROM message WHERE key > ? ORDER BY key LIMIT ${CHUNK_ROWS}`,
    key,
  )
  return withParts(rows, found)
}

/** Those of the responses that are stored, by the text of their keys. */
export async function readMessages(rows: Rows, keys: readonly Buffer[]): Promise<Map<string, MessageRow>> {
  const found = new Map<string, MessageRow>()
  for (const chunk of chunksOf(keys)) {
    const some = await rows.all(`SELECT key, ${columns} FROM message WHERE key IN (${marksOf(chunk)})`, ...chunk)
    for (const row of await withParts(rows, some)) found.set(keyText(row.key), row)
  }
  return found
}

async function withParts(rows: Rows, found: readonly (readonly unknown[])[]): Promise<MessageRow[]> {
  const several = found.filter(([, ...values]) => partCount(values) > 1).map(([key]) => key as Buffer)
  const parts = new Map<string, PartRow[]>()
  for (const chunk of chunksOf(several)) {
    for (const [key, labelId, rateId, costOrigin, ...values] of await rows.all(
      `SELECT ${partColumns} FROM message_part WHERE key IN (${marksOf(chunk)}) ORDER BY key, part`,
      ...chunk,
    )) {
      const list = parts.get(keyText(key as Buffer)) ?? []
      parts.set(keyText(key as Buffer), list)
      list.push({
        labelId: Number(labelId),
        rateId: Number(rateId),
        costOrigin: Number(costOrigin),
        values: values as Measures,
      })
    }
  }
  return found.map(([key, ...values]) => toMessageRow(key as Buffer, values, parts.get(keyText(key as Buffer)) ?? []))
}

/** Which of the keys a table has, as text. */
export async function keysAmong(
  rows: Rows,
  table: 'message' | 'held' | 'seen_key' | 'shadowed_key',
  keys: readonly Buffer[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const chunk of chunksOf(keys)) {
    for (const [key] of await rows.all(`SELECT key FROM ${table} WHERE key IN (${marksOf(chunk)})`, ...chunk)) {
      found.add(keyText(key as Buffer))
    }
  }
  return found
}

export function keyText(key: Buffer): string {
  return key.toString('latin1')
}
