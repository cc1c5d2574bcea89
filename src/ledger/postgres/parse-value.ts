import type { CustomTypesConfig } from 'pg'

/** Object ids of the types that do not come as text, from PostgreSQL's `pg_type`. */
const TYPE = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, oid: 26, float4: 700, float8: 701, numeric: 1700 }

const PARSERS = new Map<number, (text: string) => unknown>([
  // As SQLite answers a comparison.
  [TYPE.bool, (text) => (text === 't' ? 1 : 0)],
  [TYPE.bytea, (text) => Buffer.from(text.slice(2), 'hex')],
  [TYPE.int8, exact],
  [TYPE.int2, Number],
  [TYPE.int4, Number],
  [TYPE.oid, Number],
  [TYPE.float4, Number],
  [TYPE.float8, Number],
  [TYPE.numeric, exact],
])

/** Values as `Rows` promises them: integers exact, bytes as Buffers, everything else as the text it is. */
export const VALUE_TYPES = {
  getTypeParser: (oid: number) => PARSERS.get(oid) ?? ((text: string) => text),
} as CustomTypesConfig

/** A number, or a BigInt where a number would round. */
function exact(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(text) ? value : BigInt(text)
}
