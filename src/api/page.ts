import { integer } from './parameter.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1_000

export const PAGE = {
  limit: integer(`Most rows in the answer; ${DEFAULT_LIMIT} unless given.`, 1, MAX_LIMIT),
  offset: integer('Rows to leave out at the beginning; the `page` of an answer says which comes next.', 0, 1_000_000),
}

export interface PageValues {
  readonly limit?: number
  readonly offset?: number
}

/** The rows that were asked for, and which these are. */
export function pageOf<Row>(rows: readonly Row[], { limit = DEFAULT_LIMIT, offset = 0 }: PageValues) {
  const next = offset + limit
  return {
    page: { offset, limit, total: rows.length, next: next < rows.length ? next : null },
    rows: rows.slice(offset, next),
  }
}

/** Rows read from a list that is not counted, with one more than asked for where there are more. */
export async function readPage<Row>(
  read: (count: number) => Promise<readonly Row[]>,
  { limit = DEFAULT_LIMIT, offset = 0 }: PageValues,
) {
  const next = offset + limit
  const found = await read(next + 1)
  return {
    page: { offset, limit, total: null, next: found.length > next ? next : null },
    rows: found.slice(offset, next),
  }
}
