import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DATASOURCE } from './datasource.ts'
import { selector } from './select.ts'

/** Labels one can filter by, in the order in which each is chained to those before it. */
const FILTERS = {
  job: { label: 'Job', family: 'claude_exporter_build_info' },
  instance: { label: 'Instance', family: 'claude_exporter_build_info' },
  budget: { label: 'Budget', family: 'claude_budget_info' },
  organization: { label: 'Organisation', family: 'claude_organization_info' },
  machine: { label: 'Machine', family: 'claude_sessions_started_total' },
  source: { label: 'Source', family: 'claude_sessions_started_total' },
  agent: { label: 'Agent', family: 'claude_sessions_started_total' },
  project: { label: 'Project', family: 'claude_sessions_started_total' },
  model: { label: 'Model', family: 'claude_requests_total' },
} as const
export type FilterName = keyof typeof FILTERS
/** Families whose labels are the values to choose from. */
export type FilterFamilies = Partial<Readonly<Record<FilterName, string>>>

/** The data source, then the filters, each with All. Their order must be that of the chain. */
export function variables(names: readonly FilterName[], families: FilterFamilies = {}): { build(): VariableModel }[] {
  const source = new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .type('prometheus')
    .current({ selected: false, text: 'Prometheus', value: 'prometheus' })
  return [source, ...names.map((name, index) => filter(name, names.slice(0, index), families))]
}

function filter(name: FilterName, before: readonly FilterName[], families: FilterFamilies): QueryVariableBuilder {
  const { label, family } = FILTERS[name]
  const query = `label_values(${selector(before)(families[name] ?? family)}, ${name})`
  return (
    new QueryVariableBuilder(name)
      .label(label)
      .datasource(DATASOURCE)
      .query({ query, refId: `Variable-${name}` })
      .definition(query)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.NaturalAsc)
      .multi(true)
      .includeAll(true)
      // Without a second machine no series has the label.
      .allValue(name === 'machine' ? '.*' : '.+')
      .current({ selected: true, text: ['All'], value: ['$__all'] })
  )
}
