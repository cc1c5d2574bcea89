import Database from 'better-sqlite3'

/** A foreign database that cannot be used. The message says what is wrong with it, for people. */
export class DatabaseProblem extends Error {
  override readonly name = 'DatabaseProblem'
  readonly state: 'unreadable' | 'unsupported'

  constructor(state: DatabaseProblem['state'], message: string, cause?: unknown) {
    super(message, { cause })
    this.state = state
  }
}

/** How long to wait for a lock. The next look comes soon, and meanwhile nothing else runs. */
const LOCK_WAIT_MS = 20

/**
 * Opens a database of another program for reading, never `immutable`: up to 1,000 pages stay in its write-ahead log for
 * as long as OpenClaw runs. What this and every later query throws is for `problemOf`.
 */
export function openDatabase(path: string): Database.Database {
  const database = connect(path)
  // Nothing that a file brings along may run: https://www.sqlite.org/security.html
  database.pragma('trusted_schema = OFF')
  return database
}

function connect(path: string): Database.Database {
  try {
    return new Database(path, { readonly: true, fileMustExist: true, timeout: LOCK_WAIT_MS })
  } catch (error) {
    // Not an error of SQLite's own: the folder went away between finding the file and opening it.
    if (error instanceof TypeError)
      throw new DatabaseProblem('unreadable', 'The folder of the database is gone.', error)
    throw error
  }
}

/** What an error says about the database; anything else that went wrong is thrown on. */
export function problemOf(error: unknown): DatabaseProblem {
  if (error instanceof DatabaseProblem) return error
  if (error instanceof Database.SqliteError) return new DatabaseProblem('unreadable', sentence(error), error)
  throw error
}

function sentence(error: InstanceType<typeof Database.SqliteError>): string {
  if (/^SQLITE_(BUSY|LOCKED)/.test(error.code))
    return 'The database is locked by another program; it is tried again at the next look.'
  if (/^SQLITE_NOTADB/.test(error.code)) return 'This is not a SQLite database, or an encrypted one.'
  if (/^SQLITE_CORRUPT/.test(error.code)) return 'The database is damaged.'
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|AUTH)/.test(error.code)) {
    return 'The database cannot be opened: the file must be readable and, while OpenClaw does not run, its folder writable.'
  }
  return `The database cannot be read (${error.code}).`
}

/** True for a file that OpenClaw has made but not filled yet. */
export function isEmptyDatabase(database: Database.Database): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
}

/** Columns of a table and their declared types in upper case; empty where there is no such table. */
export function columnsOf(database: Database.Database, table: string): ReadonlyMap<string, string> {
  // Views and virtual tables could run anything; a real table has a page of its own.
  const isTable = database
    .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? AND rootpage > 0`)
    .get(table)
  if (isTable === undefined) return new Map()
  const columns = database.prepare<[string], ColumnRow>('SELECT name, type FROM pragma_table_info(?)').all(table)
  return new Map(columns.map(({ name, type }) => [name, type.toUpperCase()]))
}

interface ColumnRow {
  readonly name: string
  readonly type: string
}
