/**
 * A value of a row. Integers and amounts stay exact: `integer` of any size, `decimal` as the digits themselves; null is
 * unknown or has no meaning.
 */
export type ExportCell = string | bigint | number | null

export interface ExportColumn {
  /** Name of the column in CSV. */
  readonly name: string
  /** Where the value stands in a row of JSON. */
  readonly path: readonly [string] | readonly [string, string]
  /** `text` comes out of logs and reports and may hold anything; `decimal` is written digit by digit. */
  readonly kind: 'text' | 'integer' | 'decimal' | 'ratio'
}

export type ExportRow = readonly ExportCell[]

/** Rows in the order of the columns, a part at a time, so that years of them are never in memory together. */
export interface ExportTable {
  readonly columns: readonly ExportColumn[]
  chunks(): AsyncIterable<readonly ExportRow[]>
}
