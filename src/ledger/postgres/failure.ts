import { LedgerError, type LedgerFailure } from '../ledger.ts'

/** What a SQLSTATE means to us, by how it begins; PostgreSQL's manual lists them in appendix A. */
const BY_STATE: readonly (readonly [prefix: string, failure: LedgerFailure])[] = [
  ['08', 'away'],
  ['57P01', 'away'],
  ['57P02', 'away'],
  ['57P03', 'away'],
  ['57P05', 'away'],
  ['25P03', 'away'],
  // A password or database that was right when the ledger was opened and is not any more.
  ['28', 'away'],
  ['3D000', 'away'],
  ['53100', 'full'],
  ['25006', 'read_only'],
  ['42501', 'read_only'],
  ['22003', 'overflow'],
  ['XX001', 'corrupt'],
  ['XX002', 'corrupt'],
  ['53300', 'busy'],
  ['55P03', 'busy'],
  ['57014', 'busy'],
  ['40', 'busy'],
]

/** The driver has no codes of its own for a connection that is gone. */
const LOST =
  /connection (terminated|ended|error)|timeout (exceeded|expired)|read timeout|not queryable|client was closed/i

/** So the pool says that none of its connections became free in time; the server may be well. */
const ALL_IN_USE = /timeout exceeded when trying to connect/i

const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EPIPE',
])

/** What went wrong, without any value of a row and without a password. */
export function toLedgerError(error: unknown, place: string): LedgerError {
  if (error instanceof LedgerError) return error
  return new LedgerError(failureOf(error), `${place}: ${messageOf(error)}`, error)
}

/** SQLSTATE, or the code of a system error; '' where there is none. */
export function codeOf(error: unknown): string {
  if (error instanceof LedgerError) return codeOf(error.cause)
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

/**
 * True when the transaction may succeed if it is done again: a deadlock, a serialisation failure, a lock not got, or a row
 * that somebody else made between being looked for and being stored.
 */
export function isWorthRepeating(error: unknown): boolean {
  return ['40001', '40P01', '55P03', '23505'].includes(codeOf(error))
}

/** True when nothing more can be asked over the connection. */
export function isLost(error: unknown): boolean {
  return failureOf(error instanceof LedgerError ? error.cause : error) === 'away'
}

function failureOf(error: unknown): LedgerFailure {
  const code = codeOf(error)
  if (SOCKET_CODES.has(code)) return 'away'
  const known = BY_STATE.find(([prefix]) => code.startsWith(prefix))?.[1]
  if (known !== undefined) return known
  if (ALL_IN_USE.test(messageOf(error))) return 'busy'
  return LOST.test(messageOf(error)) ? 'away' : 'other'
}

export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(messageOf).join(', ')
  }
  return error instanceof Error ? error.message : String(error)
}
