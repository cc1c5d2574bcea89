import type { FamilyInfo } from '../definition.ts'

/** The exposition formats: Prometheus text 0.0.4 and OpenMetrics 1.0. */
export type Format = 'text' | 'openmetrics'

/** A family and its samples, ready to be written in any format. */
export interface Family extends FamilyInfo {
  /** What follows the family's name on each line: `{source="pi"} 5`, ` 5`, or `_bucket{le="1.0"} 5`. */
  readonly lines: readonly string[]
}
