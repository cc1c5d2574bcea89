const LINE_WIDTH = 120

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** JSON with sorted keys, laid out as the formatter of this repository does, so that nobody has to format it. */
export function stableJson(value: unknown): string {
  // Through JSON once: builders leave functions and undefined values behind.
  return `${write(JSON.parse(JSON.stringify(value)) as Json, 0, 0)}\n`
}

/** `before`: characters that stand on the line already. */
function write(value: Json, depth: number, before: number): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const indent = '  '.repeat(depth + 1)
  const end = `\n${'  '.repeat(depth)}`
  if (isArray(value)) {
    if (value.length === 0) return '[]'
    const flat = value.every((item) => item === null || typeof item !== 'object')
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
    if (flat && before + line.length + 1 <= LINE_WIDTH) return line
    return `[\n${value.map((item) => indent + write(item, depth + 1, indent.length)).join(',\n')}${end}]`
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return '{}'
  const lines = entries.map(([key, item]) => {
    const name = `${indent}${JSON.stringify(key)}: `
    return name + write(item, depth + 1, name.length)
  })
  return `{\n${lines.join(',\n')}${end}}`
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
