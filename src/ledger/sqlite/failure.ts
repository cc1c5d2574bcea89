import { LedgerError, type LedgerFailure } from '../ledger.ts'

/** What a SQLite error means to us; https://www.sqlite.org/rescode.html lists the codes. */
const FAILURES: readonly (readonly [prefix: string, failure: LedgerFailure])[] = [
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_READONLY', 'read_only'],
  ['SQLITE_CANTOPEN', 'read_only'],
  ['SQLITE_PERM', 'read_only'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_CONSTRAINT_DATATYPE', 'overflow'],
]

export function toLedgerError(error: unknown, path: string): LedgerError {
  if (error instanceof LedgerError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new LedgerError(failureOf(error), `${path}: ${message}`, error)
}

function failureOf(error: unknown): LedgerFailure {
  // A sum beyond 64 bits: SQLite says so as a plain error, the driver as a RangeError when it binds one.
  if (error instanceof RangeError) return 'overflow'
  if (!(error instanceof Error)) return 'other'
  if (error.message === 'integer overflow') return 'overflow'
  const code = 'code' in error ? String(error.code) : ''
  return FAILURES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'other'
}
