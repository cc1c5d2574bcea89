import { RECORDING_GROUPS } from '../../src/alerts/catalogue.ts'
import { definitions } from '../../src/metrics/definitions.ts'
import { healthDefinitions } from '../../src/metrics/health-definitions.ts'

const TARGET = ['job', 'instance'] as const

/** What the exporter does not define: of Prometheus itself and of prom-client. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  up: TARGET,
  scrape_duration_seconds: TARGET,
  scrape_samples_scraped: TARGET,
  process_cpu_seconds_total: TARGET,
  process_start_time_seconds: TARGET,
  process_resident_memory_bytes: TARGET,
  nodejs_eventloop_lag_p99_seconds: TARGET,
  // Alerts need not have the labels of a target, so nothing may filter by them.
  ALERTS: ['alertname', 'alertstate', 'severity'],
  ALERTS_FOR_STATE: ['alertname', 'severity'],
}

type Family = readonly [name: string, labels: readonly string[]]

const known = new Map<string, readonly string[]>([
  ...Object.entries(FOREIGN),
  ...definitions.map((family) => familyOf(family)),
  ...Object.values(healthDefinitions).flatMap((family) =>
    family.type === 'histogram' ? histogram(family) : [familyOf(family)],
  ),
  ...RECORDING_GROUPS.flatMap(({ rules }) => rules.map(({ record }): Family => [record, labelsOfRecord(record)])),
])

/** Labels of a metric or recording rule. Throws for one that does not exist. */
export function labelsOf(family: string): readonly string[] {
  const labels = known.get(family)
  if (labels === undefined) throw new Error(`neither a metric nor a recording rule: ${family}`)
  return labels
}

interface Named {
  readonly name: string
  readonly labels: readonly string[]
}

function familyOf({ name, labels }: Named): Family {
  return [name, [...TARGET, ...labels]]
}

function histogram({ name, labels }: Named): Family[] {
  return [
    familyOf({ name: `${name}_bucket`, labels: [...labels, 'le'] }),
    familyOf({ name: `${name}_sum`, labels }),
    familyOf({ name: `${name}_count`, labels }),
  ]
}

/** The level in the name of a recording rule, `budget_severity:...`, is the labels besides those of the target. */
function labelsOfRecord(record: string): readonly string[] {
  const level = record.slice(0, record.indexOf(':'))
  if (level === 'agent') return [...TARGET, 'source', 'agent']
  if (level === 'model') return [...TARGET, 'provider', 'model']
  return [...new Set([...TARGET, ...level.split('_')])]
}
