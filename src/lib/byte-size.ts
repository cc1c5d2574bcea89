const UNIT_BYTES = new Map([
  ['', 1],
  ['b', 1],
  ['kib', 1024],
  ['mib', 1024 ** 2],
  ['gib', 1024 ** 3],
  ['kb', 1_000],
  ['mb', 1_000_000],
  ['gb', 1_000_000_000],
])

/** Bytes of a size such as `64MiB`, `1.5 GB` or a plain number of bytes. Null for anything else. */
export function parseByteSize(value: string | number): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([a-z]*)$/i.exec(String(value).trim())
  const factor = UNIT_BYTES.get(match?.[2]?.toLowerCase() ?? '')
  if (!match || factor === undefined) return null
  return Math.round(Number(match[1]) * factor)
}
