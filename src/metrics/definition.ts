import type { Snapshot } from '../view/snapshot.ts'

/** Groups of families that a scrape can ask for (`collect[]`) or leave out (`exclude[]`). */
export const COLLECTORS = [
  'usage',
  'cost',
  'cache',
  'sessions',
  'windows',
  'prices',
  'api',
  'billing',
  'budgets',
  'exporter',
  'process',
] as const
export type Collector = (typeof COLLECTORS)[number]

/** What is said about a metric family before any value is known. */
export interface FamilyInfo {
  /** With `_total` for counters. */
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  readonly help: string
  /** Unit of the values, for people; also announced in OpenMetrics where it is the ending of the name. */
  readonly unit: string
}

/** The machine may be null: then the label is left out. */
export type LabelSet<Label extends string> = {
  readonly [Name in Label]: string extends Name ? string | null : Name extends 'machine' ? string | null : string
}

/**
 * A label set and its value. The text of a label set is remembered by the identity of the object, so an object must
 * never change, and costs least when it is the same one in the next snapshot.
 */
export type Sample<Label extends string> = readonly [labels: LabelSet<Label>, value: number | bigint]

/** One row of the metric table: a family, where its values come from and what they mean. */
export interface MetricDefinition<Label extends string = string> extends FamilyInfo {
  readonly type: 'counter' | 'gauge'
  readonly labels: readonly Label[]
  readonly collector: Collector
  /** `pico`: the values are bigints in 10^-12 of the unit and are printed as exact decimals. */
  readonly scale?: 'pico'
  read(snapshot: Snapshot): readonly Sample<Label>[]
}

/** Checks that `read` gives exactly the labels that are declared. */
export function metric<const Label extends string>(definition: MetricDefinition<Label>): MetricDefinition {
  return definition
}
