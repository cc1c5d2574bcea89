import type { Registry } from 'prom-client'
import type { Collector, FamilyInfo } from './definition.ts'
import { healthDefinitions } from './health-definitions.ts'
import type { Family } from './render/family.ts'
import { writeLabels } from './render/labels.ts'
import { boundText, numberText } from './render/value.ts'

/** A family of the exporter's own and the collector it belongs to. */
export type HealthFamily = Family & { readonly collector: Collector }

const TYPES: readonly FamilyInfo['type'][] = ['counter', 'gauge', 'histogram', 'summary']
const SUFFIXES = ['_bucket', '_sum', '_count'] as const

const ownCollectors = new Map<string, Collector>(
  Object.values(healthDefinitions).map(({ name, collector }) => [name, collector]),
)

type PromClientMetric = Awaited<ReturnType<Registry['getMetricsAsJSON']>>[number]
/** prom-client also gives the sample's name for histograms, which its types leave out. */
type PromClientValue = PromClientMetric['values'][number] & { readonly metricName?: string }

/**
 * Takes the values out of a prom-client registry, so that one renderer writes everything. Its own OpenMetrics writer
 * renames the metrics it writes, which spoils the text format for the next scrape.
 */
export async function familiesOfRegistry(registry: Registry): Promise<HealthFamily[]> {
  const metrics = await registry.getMetricsAsJSON()
  return metrics.map(familyOf).sort((a, b) => (a.name < b.name ? -1 : 1))
}

function familyOf(metric: PromClientMetric): HealthFamily {
  const { name, help } = metric
  // The declared type is a numbered enum; what comes is its name in lower case.
  const typeName = String(metric.type)
  return {
    name,
    help,
    type: TYPES.find((type) => type === typeName) ?? 'gauge',
    unit: /_(seconds|bytes)(_total)?$/.exec(name)?.[1] ?? '',
    collector: ownCollectors.get(name) ?? 'process',
    lines: metric.values.map((value) => lineOf(name, value)),
  }
}

function lineOf(family: string, { metricName, labels, value }: PromClientValue): string {
  const pairs = Object.entries(labels).map(([name, label]) => [name, labelText(name, label)] as const)
  const suffix = SUFFIXES.find((ending) => metricName === family + ending) ?? ''
  return `${suffix}${writeLabels(pairs)} ${numberText(value)}`
}

/** Bucket bounds and quantiles come as numbers, except for the last bound, which comes as `+Inf`. */
function labelText(name: string, label: string | number | undefined): string {
  if (typeof label !== 'number') return label ?? ''
  return name === 'le' || name === 'quantile' ? boundText(label) : String(label)
}
