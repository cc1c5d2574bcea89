import { DASHBOARDS, type Dashboard } from '../../src/alerts/rule.ts'
import { placeholder } from './datasource.ts'
import type { FilterName } from './variables.ts'

const TARGET = ['datasource', 'job', 'instance'] as const
/** What the dashboards about session logs can be limited to; a link between them keeps it. */
export const SESSION_FILTERS = [
  'machine',
  'source',
  'agent',
  'project',
  'model',
] as const satisfies readonly FilterName[]

export interface LinkOptions {
  readonly title: string
  /** Filters of the dashboard with the link that the other one has too. */
  readonly keeps?: readonly FilterName[]
  /** Another label of the same series, or the title of its column in a table. */
  readonly also?: { readonly label: FilterName; readonly column?: string }
}

interface Link {
  readonly title: string
  readonly url: string
}

/** From a value of a label to another dashboard, which shows only that value. Time, target and other filters are kept. */
export function linkTo(dashboard: Dashboard, label: FilterName, options: LinkOptions): Link {
  const { also } = options
  const chosen = { [label]: `__field.labels.${label}` }
  return link(
    dashboard,
    also === undefined ? chosen : { ...chosen, [also.label]: `__field.labels.${also.label}` },
    options,
  )
}

/** The same from a row of a table; the cell is the value. */
export function rowLinkTo(dashboard: Dashboard, label: FilterName, options: LinkOptions): Link {
  const { also } = options
  const chosen = { [label]: '__value.text' }
  if (also?.column === undefined) return link(dashboard, chosen, options)
  return link(dashboard, { ...chosen, [also.label]: `__data.fields.${also.column}` }, options)
}

/** To another dashboard as a whole. */
export function linkToAll(dashboard: Dashboard, options: LinkOptions): Link {
  return link(dashboard, {}, options)
}

function link(
  dashboard: Dashboard,
  chosen: Readonly<Record<string, string>>,
  { title, keeps = [] }: LinkOptions,
): Link {
  const kept = [...TARGET, ...keeps]
    .filter((name) => !(name in chosen))
    .map((name) => placeholder(`${name}:queryparam`))
  const values = Object.entries(chosen).map(([label, value]) => `var-${label}=${placeholder(`${value}:percentencode`)}`)
  return {
    title,
    url: `/d/${DASHBOARDS[dashboard]}?${[...kept, placeholder('__url_time_range'), ...values].join('&')}`,
  }
}
