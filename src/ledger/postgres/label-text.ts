import { LABEL_COLUMNS } from '../stored-label.ts'

/** SQL for the hash of a label's text, of columns named so; what separates them can be in none. */
export function labelHash(named: (column: string) => string): string {
  return `md5(${LABEL_COLUMNS.map((column) => `md5(${named(column)})`).join(' || ')})`
}
