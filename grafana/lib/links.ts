import { DASHBOARDS, type Dashboard } from '../../src/alerts/rule.ts'
import { placeholder } from './datasource.ts'

const KEPT = ['datasource:queryparam', 'job:queryparam', 'instance:queryparam', '__url_time_range'].map(placeholder)

/**
 * A link from a value of a label to another dashboard, which shows only that value. Time and target are kept. In a table
 * the cell is the value.
 */
export function linkTo(dashboard: Dashboard, label: string, title: string, inTable = false) {
  const value = placeholder(`${inTable ? '__value.text' : `__field.labels.${label}`}:percentencode`)
  return { title, url: `/d/${DASHBOARDS[dashboard]}?${[...KEPT, `var-${label}=${value}`].join('&')}` }
}
