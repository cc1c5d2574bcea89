import { escapeControls } from '../../lib/escape.ts'
import type { Output } from '../io.ts'
import { NOTHING } from '../report/cells.ts'
import { formatCount } from '../terminal/figures.ts'
import { type Column, type Row, renderTable } from '../terminal/table.ts'
import { truncate } from '../terminal/width.ts'
import { wrap } from '../terminal/wrap.ts'
import type { Surface, VisibleField } from './visible.ts'

const SHOWN_VALUES = 5
const MAX_VALUE_COLUMNS = 40
const NO_NAMES = 'Labels with numbers, ids and words of this program or of the provider'

export interface PrivacyView {
  readonly surfaces: readonly Surface[]
  /** True: every value on a line of its own. */
  readonly all: boolean
  /** Remarks on the settings in force. */
  readonly notes: readonly string[]
}

/** Lines of what can be seen, for people. */
export function privacyLines({ surfaces, all, notes }: PrivacyView, out: Output): string[] {
  const { style, width } = out
  const sections = surfaces.map((surface) => [
    style.bold(surface.title),
    ...wrap(`Seen by: ${escapeControls(surface.reach)}.`, width, 2).map(style.dim),
    '',
    ...(surface.fields.length === 0 ? [] : [...(all ? allLines(surface, out) : fieldTable(surface, out)), '']),
  ])
  return [...sections.flat(), ...notes.flatMap((note) => wrap(note, width, 2)).map(style.dim)]
}

function fieldTable({ name, fields }: Surface, { style, width }: Output): string[] {
  const isMetrics = name === 'metrics'
  const columns: Column[] = [
    { header: isMetrics ? 'Label' : 'Field', align: 'left', shrinkTo: 18 },
    ...(isMetrics ? [{ header: 'Families', align: 'right', dropOrder: 2 } satisfies Column] : []),
    { header: 'Values', align: 'right' },
    { header: 'Such as', align: 'left', shrinkTo: 12 },
    { header: 'Hidden by', align: 'left', dropOrder: 1, shrinkTo: 36 },
  ]
  const others = fields.filter(({ values, count }) => values === null && count === null).map((field) => field.name)
  const rows = fields
    .filter(({ name: field }) => !others.includes(field))
    .map(
      (field): Row => ({
        cells: [
          field.name,
          ...(isMetrics ? [formatCount(field.families.length)] : []),
          field.count === null ? NOTHING : formatCount(field.count),
          { text: examples(field), ...(field.values !== null && field.values.length > 0 && { paint: style.yellow }) },
          field.hiddenBy ?? NOTHING,
        ],
      }),
    )
  const also = wrap(`${isMetrics ? NO_NAMES : 'Also'}: ${others.join(isMetrics ? ', ' : '; ')}.`, width, 2).map(
    style.dim,
  )
  return [...renderTable({ columns, rows }, width, style), ...(others.length === 0 ? [] : ['', ...also])]
}

/** Fields with names in them before those without. */
function namesFirst(a: VisibleField, b: VisibleField): number {
  return Number(b.values !== null) - Number(a.values !== null)
}

function examples({ name, values }: VisibleField): string {
  if (values === null) return `every ${name}`
  if (values.length === 0) return NOTHING
  const some = values.slice(0, SHOWN_VALUES).map((value) => truncate(escapeControls(value), MAX_VALUE_COLUMNS))
  return some.join(', ') + (values.length > SHOWN_VALUES ? ', ...' : '')
}

function allLines({ fields }: Surface, { style }: Output): string[] {
  return [...fields].sort(namesFirst).flatMap(({ name, values, count, families, hiddenBy }) => {
    const hidden = hiddenBy === null ? '' : `  (hidden by: ${hiddenBy})`
    const head = `${name}: ${count === null ? 'no names' : formatCount(count)}`
    return [
      style.cyan(head) + style.dim(hidden),
      ...families.map((family) => style.dim(`    in ${family}`)),
      ...(values ?? []).map((value) => `    ${escapeControls(value)}`),
    ]
  })
}
