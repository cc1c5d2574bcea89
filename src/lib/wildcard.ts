/**
 * True when the pattern, in which `*` stands for any text, fits the whole value; case counts. Takes the first place for
 * each piece between two `*`, which is enough, so that no pattern is slow.
 */
export function matchesWildcard(pattern: string, value: string): boolean {
  const [head = '', ...pieces] = pattern.split('*')
  const tail = pieces.pop()
  if (tail === undefined) return pattern === value
  if (!value.startsWith(head)) return false
  let at = head.length
  for (const piece of pieces) {
    const found = value.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return value.length - tail.length >= at && value.endsWith(tail)
}
