/** The words in which the databases differ when tables are made. */
export interface Dialect {
  readonly bytes: string
  readonly big: string
  /** Column type of a ratio, as exact as a number of the program. */
  readonly double: string
  /** Column type of an id the database hands out. */
  readonly identity: string
  /** Ending of an ordinary table; makes SQLite refuse text in a number column. */
  readonly strict: string
  /** Ending of a table that is only found by its primary key. */
  readonly keyed: string
}

export const SQLITE_DIALECT: Dialect = {
  bytes: 'BLOB',
  big: 'INTEGER',
  double: 'REAL',
  identity: 'INTEGER PRIMARY KEY',
  strict: ' STRICT',
  keyed: ' STRICT, WITHOUT ROWID',
}
