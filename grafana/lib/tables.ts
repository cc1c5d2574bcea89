import { TableCellHeight, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common'
import type {
  DataTransformerConfig,
  DynamicConfigValue,
  Threshold,
  ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import * as table from '@grafana/grafana-foundation-sdk/table'
import { type PanelBasics, UNITS, type Unit, withBasics } from './basics.ts'
import { COLORS } from './colors.ts'
import type { PanelSource } from './panels.ts'

/** A column, in the order of the table. `from` is a label, or the `refId` of the query whose value it shows. */
export interface Column {
  readonly from: string
  readonly title: string
  readonly unit?: Unit
  readonly decimals?: number
  readonly width?: number
  /** A bar within the cell. */
  readonly bar?: boolean
  readonly thresholds?: readonly Threshold[]
  readonly mappings?: readonly ValueMapping[]
  readonly link?: { readonly title: string; readonly url: string }
}

export interface TableOptions {
  readonly columns: readonly Column[]
  /** Labels that are numbers. */
  readonly numbers?: readonly string[]
  readonly sortBy?: { readonly title: string; readonly descending: boolean }
}

/** Rows of all queries put together by their labels. Labels and values that are no column are not shown. */
export function tablePanel(basics: PanelBasics & TableOptions): PanelSource {
  const { columns, queries, sortBy, numbers = [] } = basics
  const fieldOf = ({ from }: Column): string =>
    isRef(from) ? (queries.length === 1 ? 'Value' : `Value #${from}`) : from
  const transformations: DataTransformerConfig[] = [
    ...(basics.transformations ?? []),
    { id: 'merge', options: {} },
    ...(numbers.length === 0 ? [] : [conversion(numbers)]),
    { id: 'filterFieldsByName', options: { include: { names: columns.map(fieldOf) } } },
    {
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(columns.map((column, index) => [fieldOf(column), index])),
        renameByName: Object.fromEntries(columns.map((column) => [fieldOf(column), column.title])),
      },
    },
  ]
  const panel = withBasics(new table.PanelBuilder(), { color: 'text', ...basics, transformations }, 'table')
    .cellHeight(TableCellHeight.Sm)
    .showHeader(true)
    .filterable(false)
  // The text for nothing is of the whole table: Grafana would write it into every cell without a value.
  panel.overrideByRegexp('/.*/', [{ id: 'noValue', value: '' }])
  if (sortBy !== undefined) {
    panel.sortBy([new TableSortByFieldStateBuilder().displayName(sortBy.title).desc(sortBy.descending)])
  }
  for (const column of columns) panel.overrideByName(column.title, propertiesOf(column))
  return panel
}

function propertiesOf(column: Column): DynamicConfigValue[] {
  const { from, decimals, width, thresholds, mappings, link } = column
  // A name such as 4711 is no number: without a unit of its own it would have that of the panel.
  const unit = column.unit === undefined ? (isRef(from) ? null : 'string') : UNITS[column.unit]
  const isColored = thresholds !== undefined || mappings !== undefined
  return [
    ...(unit === null ? [] : [{ id: 'unit', value: unit }]),
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ...(isColored ? [{ id: 'custom.cellOptions', value: { type: 'color-text' } }] : []),
    ...(column.bar === true ? barOf(column) : []),
    ...(thresholds === undefined
      ? []
      : [
          { id: 'thresholds', value: { mode: 'absolute', steps: thresholds } },
          { id: 'color', value: { mode: 'thresholds' } },
        ]),
    ...(mappings === undefined ? [] : [{ id: 'mappings', value: mappings }]),
    ...(link === undefined ? [] : [{ id: 'links', value: [link] }]),
  ]
}

/** A bar is full at the limit, at the whole, or else at the largest of its column. */
function barOf({ unit, thresholds }: Column): DynamicConfigValue[] {
  const limit = thresholds?.at(-1)?.value ?? (unit === 'ratio' ? 1 : null)
  return [
    { id: 'custom.cellOptions', value: { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' } },
    { id: 'color', value: { mode: 'fixed', fixedColor: COLORS.money } },
    { id: 'min', value: 0 },
    limit === null ? { id: 'fieldMinMax', value: true } : { id: 'max', value: limit },
  ]
}

function conversion(labels: readonly string[]): DataTransformerConfig {
  const conversions = labels.map((targetField) => ({ targetField, destinationType: 'number' }))
  return { id: 'convertFieldType', options: { fields: {}, conversions } }
}

function isRef(from: string): boolean {
  return /^[A-Z]$/.test(from)
}
