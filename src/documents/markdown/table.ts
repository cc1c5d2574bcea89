export interface Column {
  readonly header: string
  readonly align: 'left' | 'right'
}

/**
 * A table of GitHub's Markdown. Cells are inline Markdown in which no bar ends a cell: figures, `nameInCell`, `sentence`.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  return [
    line(columns.map(({ header }) => header)),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((cells) => line(cells)),
  ]
}

export function left(header: string): Column {
  return { header, align: 'left' }
}

export function right(header: string): Column {
  return { header, align: 'right' }
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
