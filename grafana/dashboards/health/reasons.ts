import { seriesPanel } from '../../lib/panels.ts'
import { perBar, type Select } from '../../lib/select.ts'

interface Failures {
  readonly id: number
  readonly title: string
  readonly description: string
  readonly width: number
  /** A counter of what went wrong, with the reason as a label. */
  readonly family: string
  readonly bySource?: boolean
}

/** What went wrong and why, a bar each 5 minutes or more, over long times. */
export function failuresByReason(select: Select, { family, bySource = false, ...panel }: Failures) {
  const by = bySource ? 'source, reason' : 'reason'
  return seriesPanel({
    ...panel,
    height: 7,
    unit: 'count',
    decimals: 0,
    min: 0,
    interval: '5m',
    style: 'bars',
    stacking: 'sum',
    noValue: 'none in the time shown',
    queries: [
      {
        refId: 'A',
        expr: `sum by (${by}) (${perBar(select(family))}) > 0`,
        legend: bySource ? '{{source}}: {{reason}}' : '{{reason}}',
      },
    ],
  })
}
