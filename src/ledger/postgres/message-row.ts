import { MEASURES } from '../../core/measures.ts'
import { MESSAGE_COLUMNS } from '../message-columns.ts'
import type { MessageRow, PartRow } from '../transaction.ts'
import type { ColumnType } from './hot-queries.ts'

/** What a number of a log, a time or a sum is; everything else of a response is an id or small. */
const BIG = new Set<string>(['at', 'win_output', 'win_total', 'win_at', 'own_at', 'own_file_at', ...MEASURES])

/** The columns of `message`, its key first. */
export const MESSAGE_TYPES: readonly ColumnType[] = [
  ['key', 'bytea'],
  ...MESSAGE_COLUMNS.map((name): ColumnType => [name, typeOf(name)]),
]

function typeOf(name: string): ColumnType[1] {
  if (name === 'win_uuid') return 'bytea'
  return BIG.has(name) ? 'bigint' : 'integer'
}

export const MEASURE_TYPES: readonly ColumnType[] = MEASURES.map((name) => [name, 'bigint'])

/** The columns of `message_part`. */
export const PART_TYPES: readonly ColumnType[] = [
  ['key', 'bytea'],
  ['part', 'integer'],
  ['label_id', 'integer'],
  ['rate_id', 'integer'],
  ['cost_origin', 'integer'],
  ...MEASURE_TYPES,
]

/** All parts but the first, which is in the message itself, in the order of PART_TYPES. */
export function partValues({ key, parts }: MessageRow): unknown[][] {
  return parts
    .slice(1)
    .map((part, index) => [key, index + 1, part.labelId, part.rateId, part.costOrigin, ...part.values])
}

/** Of a row in the order of PART_TYPES. */
export function toPartRow([, , labelId, rateId, costOrigin, ...values]: readonly unknown[]): PartRow {
  return {
    labelId: Number(labelId),
    rateId: Number(rateId),
    costOrigin: Number(costOrigin),
    values: values as PartRow['values'],
  }
}
