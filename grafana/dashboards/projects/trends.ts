import { MODEL_COLORS } from '../../lib/colors.ts'
import { heatTable } from '../../lib/heat-table.ts'
import { seriesPanel } from '../../lib/panels.ts'
import { perBar, type Select, withAgentName } from '../../lib/select.ts'

const LARGEST = 8

interface PerDay {
  readonly id: number
  readonly title: string
  readonly by: string
  /** The label that names a series. */
  readonly name: string
  readonly matcher?: string
  /** 8 unless given. */
  readonly width?: number
  /** 8 unless given. */
  readonly height?: number
  readonly noValue?: string
}

export function projectsPerDay(select: Select) {
  return perDay(select, { id: 10, title: 'Estimated cost per day, by project', by: 'project', name: 'project' })
}

export function agentsPerDay(select: Select) {
  return perDay(select, { id: 11, title: 'Estimated cost per day, by agent', by: 'source, agent', name: 'name' })
}

export function machinesPerDay(select: Select) {
  return perDay(select, {
    id: 31,
    title: 'Estimated cost per day, by machine',
    by: 'machine',
    name: 'machine',
    matcher: 'machine!=""',
    width: 12,
    // As the table beside it.
    height: 9,
    noValue: 'One machine, or none told apart.',
  })
}

export function modelMix(select: Select) {
  return seriesPanel({
    id: 12,
    title: 'Model mix, share of cost per day',
    description: 'Which share of the estimated cost of each day each model has.',
    unit: 'usd',
    decimals: 2,
    width: 8,
    height: 8,
    interval: '1d',
    style: 'bars',
    stacking: 'share',
    colors: MODEL_COLORS,
    queries: [
      {
        refId: 'A',
        expr: `sum by (model) (${perBar(select('claude_estimated_cost_usd_total'))}) > 0`,
        legend: '{{model}}',
      },
    ],
  })
}

export function hours(select: Select) {
  return heatTable({
    id: 13,
    noValue: 'No use in the time shown.',
    title: 'Estimated cost by hour and weekday, in your time zone',
    description:
      'Sum of each hour of the week over the time shown, in the time zone of the browser: rows are weekdays, columns are ' +
      'the hours that begin then.',
    unit: 'usd',
    decimals: 0,
    width: 24,
    height: 9,
    // Each full hour takes what is spent in the hour that it begins.
    expr: `sum(${perBar(select('claude_estimated_cost_usd_total'), '1h')})`,
  })
}

/** The largest over the time shown, so that the bars have the same series from day to day, and the rest as one. */
function perDay(select: Select, { by, name, matcher = '', width = 8, height = 8, ...panel }: PerDay) {
  const counter = select('claude_estimated_cost_usd_total', matcher)
  const day = `sum by (${by}) (${perBar(counter)})`
  // The last bar begins at `end()` and is a day long. Over less than a day, today decides.
  const total = (window: string) => `increase(${counter}[${window}] @ end() offset -$__interval)`
  const largest = `topk(${LARGEST}, sum by (${by}) (${total('$__range')} or ${total('$__interval')}) > 0)`
  const shown = `${day} and on (${by}) ${largest}`
  return seriesPanel({
    ...panel,
    width,
    description: `Estimated cost of metered use, a bar a day in the time zone of the dashboard; the last one is today so far. The ${LARGEST} largest of the time shown, and the rest as one.`,
    unit: 'usd',
    decimals: 2,
    height,
    interval: '1d',
    style: 'bars',
    stacking: 'sum',
    isDistinct: true,
    queries: [
      { refId: 'A', expr: name === 'name' ? withAgentName(shown) : shown, legend: `{{${name}}}` },
      { refId: 'B', expr: `sum(${day} unless on (${by}) ${largest}) > 0`, legend: 'all others' },
    ],
  })
}
