import { TableCellHeight } from '@grafana/grafana-foundation-sdk/common'
import { MappingType, type Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import * as table from '@grafana/grafana-foundation-sdk/table'
import { type PanelBasics, withBasics } from './basics.ts'

/** From Monday, 1, to Sunday, 7. */
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
/** What transformations call the sum of an hour of the week, and the column of the weekdays. */
const SUM = 'Value #A (sum)'
const CORNER = 'Value #B\\Time'
/** Prometheus gives at most 11,000 steps: hours of a year. With fewer, Grafana would take longer steps for long ranges. */
const MOST_HOURS = 10_000

/**
 * A row for each weekday and a column for each hour, in the time zone of the browser, over changes of the clock too.
 * `expr` is one number, for the hour that begins when it is asked for.
 */
export function heatTable({ expr, ...basics }: Omit<PanelBasics, 'queries' | 'interval'> & { readonly expr: string }): {
  build(): Panel
} {
  const spec: PanelBasics = {
    ...basics,
    interval: '1h',
    queries: [
      { refId: 'A', expr },
      // The time once more: one of the two becomes the hour, the other the weekday.
      { refId: 'B', expr: `${expr} * 0 + time() * 1000` },
    ],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'convertFieldType',
        options: { fields: {}, conversions: [{ targetField: 'Value #B', destinationType: 'time' }] },
      },
      formatted('Time', 'HH'),
      formatted('Value #B', 'E'),
      {
        id: 'groupBy',
        options: {
          fields: {
            Time: { operation: 'groupby', aggregations: [] },
            'Value #B': { operation: 'groupby', aggregations: [] },
            'Value #A': { operation: 'aggregate', aggregations: ['sum'] },
          },
        },
      },
      {
        id: 'groupingToMatrix',
        options: { columnField: 'Time', rowField: 'Value #B', valueField: SUM, emptyValue: 'null' },
      },
      { id: 'sortBy', options: { fields: {}, sort: [{ field: CORNER, desc: false }] } },
      {
        id: 'organize',
        options: {
          excludeByName: {},
          indexByName: Object.fromEntries([CORNER, ...HOURS].map((name, index) => [name, index])),
          renameByName: { [CORNER]: 'Day' },
        },
      },
    ],
  }
  const names = Object.fromEntries(DAYS.map((text, index) => [String(index + 1), { text, index }]))
  return (
    withBasics(new table.PanelBuilder(), spec, 'range table')
      .maxDataPoints(MOST_HOURS)
      .cellHeight(TableCellHeight.Sm)
      .showHeader(true)
      .filterable(false)
      .minWidth(40)
      // The text for nothing is of the whole table, not of its cells.
      .overrideByRegexp('/.*/', [{ id: 'noValue', value: '' }])
      .overrideByRegexp('/^\\d\\d$/', [
        { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
        { id: 'color', value: { mode: 'continuous-blues' } },
        { id: 'custom.align', value: 'center' },
      ])
      .overrideByName('Day', [
        { id: 'unit', value: 'string' },
        { id: 'custom.width', value: 60 },
        { id: 'mappings', value: [{ type: MappingType.ValueToText, options: names }] },
      ])
  )
}

/** `useTimezone` is what Grafana before 11 understands. */
function formatted(timeField: string, outputFormat: string) {
  return { id: 'formatTime', options: { timeField, outputFormat, timezone: 'browser', useTimezone: true } }
}
