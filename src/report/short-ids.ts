const SHORTEST = 8

/** Shortens ids to beginnings that tell them apart, so that `explain` takes what a table shows. */
export function shortIds(ids: readonly string[]): (id: string) => string {
  const distinct = [...new Set(ids)].sort()
  const lengths = new Map(
    distinct.map((id, index) => {
      const before = commonLength(id, distinct[index - 1] ?? '')
      const after = commonLength(id, distinct[index + 1] ?? '')
      return [id, Math.max(SHORTEST, before + 1, after + 1)]
    }),
  )
  return (id) => id.slice(0, lengths.get(id) ?? id.length)
}

function commonLength(a: string, b: string): number {
  let length = 0
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length += 1
  return length
}
