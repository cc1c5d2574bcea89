/** One event as `key=value` pairs (https://brandur.org/logfmt): time, level and message first, nested facts dotted. */
export function formatLogfmt(event: Readonly<Record<string, unknown>>): string {
  const { time, level, msg, ...facts } = event
  const pairs = [...pairsOf({ time, level, msg }, ''), ...pairsOf(facts, '')]
  return pairs.join(' ')
}

function* pairsOf(facts: object, prefix: string): Iterable<string> {
  for (const [key, value] of Object.entries(facts)) {
    const name = prefix + key.replace(/[\s="]/g, '_')
    if (value === undefined) continue
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) yield* pairsOf(value, `${name}.`)
    else yield `${name}=${quoted(typeof value === 'string' ? value : JSON.stringify(value))}`
  }
}

function quoted(text: string): string {
  return /^[^\s"=\\]+$/.test(text) ? text : JSON.stringify(text)
}
