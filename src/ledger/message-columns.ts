import { MEASURES, type Measures } from '../core/measures.ts'
import type { MessageRow, PartRow } from './transaction.ts'
import { decodeUuid, encodeUuid } from './uuid.ts'

/** Columns of `message` after its key. */
export const MESSAGE_COLUMNS = [
  'at',
  'label_id',
  'session_id',
  'rate_id',
  'cost_origin',
  'flags',
  'parts',
  'win_rank',
  'win_output',
  'win_total',
  'win_at',
  'win_uuid',
  'own_rank',
  'own_at',
  'own_file_at',
  'own_session_id',
  'paid',
  ...MEASURES,
]

/** How many parts the columns of a response tell of. */
export function partCount(values: readonly unknown[]): number {
  return Number(values[6])
}

/** Values of MESSAGE_COLUMNS. */
export function messageValues(row: MessageRow): unknown[] {
  const [main] = row.parts
  if (main === undefined) throw new Error('a response without parts')
  return [
    row.at,
    main.labelId,
    row.sessionId,
    main.rateId,
    main.costOrigin,
    row.flags,
    row.parts.length,
    row.winRank,
    row.winOutput,
    row.winTotal,
    row.winAt,
    encodeUuid(row.winUuid),
    row.ownRank,
    row.ownAt,
    row.ownFileAt,
    row.ownSessionId,
    row.isPaid ? 1 : 0,
    ...main.values,
  ]
}

/** A response from the values of MESSAGE_COLUMNS and its further parts. */
export function toMessageRow(key: Buffer, values: readonly unknown[], more: readonly PartRow[]): MessageRow {
  const at = (index: number) => Number(values[index])
  const main: PartRow = {
    labelId: at(1),
    rateId: at(3),
    costOrigin: at(4),
    values: values.slice(MESSAGE_COLUMNS.length - MEASURES.length) as Measures,
  }
  return {
    key,
    at: at(0),
    sessionId: at(2),
    flags: at(5),
    winRank: at(7),
    winOutput: at(8),
    winTotal: at(9),
    winAt: at(10),
    winUuid: decodeUuid(values[11] as Buffer),
    ownRank: at(12),
    ownAt: at(13),
    ownFileAt: at(14),
    ownSessionId: at(15),
    isPaid: at(16) === 1,
    parts: [main, ...more],
  }
}
