import type { Snapshot } from '../view/snapshot.ts'
import type { Collector, MetricDefinition, Sample } from './definition.ts'
import { definitions, samplesOf } from './definitions.ts'
import type { Family } from './render/family.ts'
import { labelWriter } from './render/labels.ts'
import { valueText } from './render/value.ts'

/** The families of these collectors with the values of the snapshot. */
export function familiesOf(snapshot: Snapshot, collectors: ReadonlySet<Collector>): Family[] {
  return definitions
    .filter((definition) => collectors.has(definition.collector))
    .map((definition) => ({ ...definition, lines: linesOf(definition, samplesOf(definition, snapshot)) }))
}

function linesOf({ labels: names, scale }: MetricDefinition, samples: readonly Sample<string>[]): string[] {
  const write = labelWriter(names)
  return samples.map(([labels, value]) => `${write(labels)} ${valueText(value, scale ?? 'one')}`)
}
