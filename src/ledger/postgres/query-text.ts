const known = new Map<string, string>()
/** Queries are texts of the program; those with a list of their own length are not worth keeping. */
const MOST_KNOWN = 2_000

/** Numbers the parameters: `?` becomes `$1`, `$2`, ..., except within quotes and comments. */
export function numbered(sql: string): string {
  const before = known.get(sql)
  if (before !== undefined) return before
  let count = 0
  const text = sql.replace(PIECES, (piece) => {
    if (piece !== '?') return piece
    count += 1
    return `$${count}`
  })
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(sql, text)
  return text
}

const PIECES = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g
