/** One line of the table: what was measured, against which limit. */
export interface Row {
  readonly what: string
  /** The limit in words; `-` for figures that are given without one. */
  readonly must: string
  readonly measured: string
  /** Against the peer or the limit; `-` where there is none. */
  readonly ratio: string
  /** Null where nothing is demanded or the peer could not be had. */
  readonly met: boolean | null
  /** What was run, as it can be typed. */
  readonly command: string
  /** What it was run on. */
  readonly size: string
  /** Single measurements, by what was measured, with the unit in the name. */
  readonly samples: Readonly<Record<string, readonly number[]>>
}

/** Thrown where the exporter's totals are not those of the tree: figures of such a run mean nothing. */
export class WrongTotals extends Error {
  override readonly name = 'WrongTotals'
}

/** The table and, below it, what was run for each line. */
export function formatRows(rows: readonly Row[]): string {
  const heads = ['what', 'must', 'measured', 'ratio', 'met']
  const cells = rows.map(({ what, must, measured, ratio, met }) => [what, must, measured, ratio, metWord(met)])
  const widths = heads.map((head, column) => Math.max(...[head, ...cells.map((row) => row[column] ?? '')].map(length)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  const commands = rows.map(({ what, command, size }) => `${what}\n    on ${size}\n    $ ${command}`)
  return `${[line(heads), rule, ...cells.map(line)].join('\n')}\n\n${commands.join('\n')}\n`
}

function metWord(met: boolean | null): string {
  if (met === null) return '-'
  return met ? 'yes' : 'NO'
}

function length(text: string): number {
  return text.length
}
