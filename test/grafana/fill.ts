/** Values of Grafana's own variables, for a Prometheus that is a minute old. */
const BUILT_IN: Readonly<Record<string, string>> = {
  $__rate_interval: '1m',
  $__range: '2m',
}

/** The query as Grafana sends it with All chosen everywhere, or the given values. */
export function fill(expr: string, interval: string, chosen: Readonly<Record<string, readonly string[]>> = {}): string {
  const filled = expr
    .replaceAll(/\$(__interval|__rate_interval|__range)\b/g, (name) => BUILT_IN[name] ?? interval)
    // The beginning of what is shown, in milliseconds.
    .replaceAll('$' + '{__from}', '0')
  return filled.replaceAll(/"\$([a-z]\w*)"/g, (_, name: string) => JSON.stringify(pattern(chosen[name])))
}

/** Grafana escapes values of a variable that can have several for a regular expression. */
function pattern(values: readonly string[] | undefined): string {
  if (values === undefined) return '.+'
  const escaped = values.map((value) => value.replaceAll(/[\\^$*+?.()|[\]{}/-]/g, '\\$&'))
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`
}
