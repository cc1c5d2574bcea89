import type { Measures } from '../../core/measures.ts'
import type { Changed } from '../ledger.ts'

/** What a commit tells the other programs. */
export interface CommitNews {
  readonly changes: readonly Changed[]
  readonly organizations: boolean
  readonly reload: boolean
}

const VERSION = 1
/** Whoever reads more than this again is faster. */
const BODY_LIMIT_CHARS = 8_000_000

/** As text: numbers beyond 2^53 as strings. */
export function encodeNews(news: CommitNews): string {
  const text = JSON.stringify({ v: VERSION, ...news }, (key, value: unknown) => {
    if (typeof value === 'bigint') return String(value)
    return key === 'revision' ? undefined : value
  })
  if (text.length <= BODY_LIMIT_CHARS) return text
  return JSON.stringify({ v: VERSION, changes: [], organizations: news.organizations, reload: true })
}

/** Reads it again. What another version of the program wrote asks to read everything. */
export function decodeNews(text: string): CommitNews {
  const { v, changes, organizations, reload } = JSON.parse(text) as CommitNews & { v: number }
  if (v !== VERSION) return { changes: [], organizations: true, reload: true }
  return { changes: changes.map(withBigInts), organizations, reload }
}

function withBigInts(changed: Changed): Changed {
  return {
    ...changed,
    rollup: changed.rollup.map((row) => ({ ...row, values: exact(row.values) })),
    counters: changed.counters.map((row) => ({
      ...row,
      published: exact(row.published),
      reversed: exact(row.reversed),
    })),
  }
}

function exact(values: readonly (number | bigint | string)[]): Measures {
  return values.map((value) => (typeof value === 'string' ? BigInt(value) : value))
}
