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
 * as long as OpenClaw runs. Throws DatabaseProblem, as does whatever is run with `explained`.
 */
export function openDatabase(path: string): Database.Database {
  return explained(() => {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: LOCK_WAIT_MS })
    // Nothing that a file brings along may run: https://www.sqlite.org/security.html
    database.pragma('trusted_schema = OFF')
    return database
  })
}

/** Runs something on a foreign database and says in a sentence what is wrong with it. */
export function explained<Result>(run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (error instanceof Database.SqliteError) throw new DatabaseProblem('unreadable', sentence(error), error)
    throw error
  }
}

function sentence(error: InstanceType<typeof Database.SqliteError>): string {
  if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) return 'locked by another program; tried again at the next look'
  if (/^SQLITE_NOTADB/.test(error.code)) return 'not a SQLite database, or an encrypted one'
  if (/^SQLITE_CORRUPT/.test(error.code)) return 'the database is damaged'
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|AUTH)/.test(error.code)) {
    return 'cannot be opened: the file must be readable and its folder writable, because SQLite keeps locks beside it'
  }
  return `cannot be read (${error.code})`
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
