import { dashboards } from './generated.ts'

/** What is shown: a span of time, and the step that its width on the screen comes to. Times and lengths in seconds. */
export interface View {
  readonly end: number
  readonly length: number
  readonly step: number
  /** Between two scrapes. */
  readonly scrape: number
}

/** What All stands for, by variable; the structure test looks at each. */
const ALL: ReadonlyMap<string, string> = new Map(
  dashboards
    .flatMap(({ templating }) => templating.list)
    .flatMap(({ name, allValue }) => (allValue === undefined ? [] : [[name, allValue]])),
)

const UNITS_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** Seconds of a time such as `15m`. */
export function seconds(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  return Number(count) * (UNITS_S[unit] ?? Number.NaN)
}

/** The query as Grafana sends it with All chosen everywhere, or the given values. */
export function fill(
  expr: string,
  { end, length, step, scrape }: View,
  chosen: Readonly<Record<string, readonly string[]>> = {},
): string {
  const own: Readonly<Record<string, string>> = {
    $__interval: `${step}s`,
    $__rate_interval: `${Math.max(step + scrape, 4 * scrape)}s`,
    $__range: `${length}s`,
  }
  const filled = expr
    .replaceAll(/\$(__interval|__rate_interval|__range)\b/g, (name) => own[name] ?? name)
    // The beginning of what is shown, in milliseconds.
    .replaceAll('$' + '{__from}', String((end - length) * 1000))
  return filled.replaceAll(/"\$([a-z]\w*)"/g, (_, name: string) => JSON.stringify(pattern(name, chosen[name])))
}

/** Grafana escapes values of a variable that can have several for a regular expression. */
function pattern(name: string, values: readonly string[] | undefined): string {
  if (values === undefined) return ALL.get(name) ?? '.+'
  const escaped = values.map((value) => value.replaceAll(/[\\^$*+?.()|[\]{}/-]/g, '\\$&'))
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`
}
