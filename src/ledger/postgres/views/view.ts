export interface ViewColumn {
  readonly name: string
  /** As PostgreSQL calls it. */
  readonly type: 'text' | 'date' | 'timestamptz' | 'numeric' | 'bigint' | 'boolean'
  /** What it holds, with its unit, and what null means where it can be null. */
  readonly about: string
}

/** A ready-made view: a stable interface over the tables, which may change with every version. */
export interface View {
  readonly name: string
  /** One row of it is what, and anything to know before adding rows up. */
  readonly about: string
  readonly columns: readonly ViewColumn[]
  /** The query; its output columns are `columns`, in that order. */
  readonly query: string
}

/** A selected expression together with what is said of its column. */
export interface Output extends ViewColumn {
  readonly sql: string
}

export function output(name: string, type: ViewColumn['type'], sql: string, about: string): Output {
  return { name, type, sql, about }
}

/** A view whose select list is written once, beside what is said of its columns. */
export function view(name: string, about: string, outputs: readonly Output[], rest: string): View {
  return {
    name,
    about,
    columns: outputs.map(({ sql: _, ...column }) => column),
    query: `SELECT ${outputs.map(({ name: as, sql }) => `${sql} AS ${as}`).join(',\n       ')}\n${rest}`,
  }
}
