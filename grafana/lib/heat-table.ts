import { TableCellHeight } from '@grafana/grafana-foundation-sdk/common'
import { MappingType, type Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import * as table from '@grafana/grafana-foundation-sdk/table'
import { type PanelBasics, withBasics } from './basics.ts'

/** From Monday, 1, to Sunday, 7. */
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
/** How Grafana names the column of the rows after it has made a matrix. */
const CORNER = 'weekday\\hour'

/** A row for each weekday and a column for each hour. `expr` is one number, for the hour that begins when it is asked for. */
export function heatTable({ expr, ...basics }: Omit<PanelBasics, 'queries'> & { readonly expr: string }): {
  build(): Panel
} {
  const spec: PanelBasics = {
    ...basics,
    noValue: '',
    queries: [{ refId: 'A', expr: byHourOfWeek(expr) }],
    transformations: [
      {
        id: 'groupingToMatrix',
        options: { columnField: 'hour', rowField: 'weekday', valueField: 'Value', emptyValue: 'null' },
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
  return withBasics(new table.PanelBuilder(), spec, 'table')
    .cellHeight(TableCellHeight.Sm)
    .showHeader(true)
    .filterable(false)
    .minWidth(40)
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
}

/** Hour and weekday of each full hour become labels that sort as text. */
function byHourOfWeek(expr: string): string {
  const hour = 'label_replace(count_values("hour", hour()), "hour", "0$1", "hour", "(.)")'
  const weekday = 'label_replace(count_values("weekday", day_of_week()), "weekday", "7", "weekday", "0")'
  return `sum by (hour, weekday) (sum_over_time((
  ${hour} * on () group_left (weekday) ${weekday}
  * on () group_left ()
  ${expr}
)[$__range:1h]))`
}
