import { escapeControls } from '../../lib/escape.ts'
import type { Output } from '../io.ts'
import type { Style } from '../terminal/style.ts'
import { wrap } from '../terminal/wrap.ts'
import { firstBroken } from './first-broken.ts'
import type { Hop } from './hop.ts'

const STATE_COLUMNS = 'skipped'.length + 2
const INDENT = ' '.repeat(STATE_COLUMNS)

/** Lines for people: each hop with what was seen, and at the end what to do first. */
export function doctorLines(hops: readonly Hop[], out: Output): string[] {
  const { style } = out
  const broken = firstBroken(hops)
  return [
    ...hops.flatMap((hop) => hopLines(hop, out)),
    '',
    ...verdict(hops, broken, out).map(broken ? style.bold : style.green),
  ]
}

function hopLines({ name, state, seen, remedy }: Hop, { style, width }: Output): string[] {
  const text = escapeControls(`${name}: ${seen}`)
  const [first = '', ...rest] = wrap(text, width - STATE_COLUMNS, 2)
  const advice = remedy === null ? [] : wrap(escapeControls(`-> ${remedy}`), width - STATE_COLUMNS, 3)
  const label = paintOf(state, style)(state) + ' '.repeat(STATE_COLUMNS - state.length)
  const dim = state === 'skipped' ? style.dim : (line: string) => line
  return [label + dim(first), ...rest.map((line) => INDENT + dim(line)), ...advice.map((line) => INDENT + line)]
}

function verdict(hops: readonly Hop[], broken: Hop | null, { width }: Output): string[] {
  if (broken !== null) return wrap(escapeControls(`First broken: ${broken.name}. ${broken.remedy ?? ''}`), width, 2)
  const warnings = hops.filter(({ state }) => state === 'warning').length
  if (warnings === 0) return ['Nothing is broken.']
  return wrap(`Nothing is broken; ${warnings === 1 ? 'one hop has' : `${warnings} hops have`} a warning.`, width, 2)
}

function paintOf(state: Hop['state'], style: Style) {
  return { ok: style.green, warning: style.yellow, failed: style.red, skipped: style.dim }[state]
}
