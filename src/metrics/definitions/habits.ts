import type { HabitRow, Snapshot } from '../../view/snapshot.ts'
import { type MetricDefinition, metric } from '../definition.ts'

const SHOWN = 'Only those with use in the last 24 hours, at most the 500 largest.'
const LAST_HOUR = 'in the last hour (rolling, 60 to 75 minutes in steps of 15 minutes)'
const NOT_A_BILL = 'Without use that a plan covers and unpriced tokens.'

/** What agents and projects do now beside what is usual for them. */
export const habitDefinitions = [...familiesOf('agent', 'an agent'), ...familiesOf('project', 'a project')]

function familiesOf(kind: HabitRow['kind'], subject: string): readonly MetricDefinition[] {
  return [
    family(kind, {
      name: 'cost_last_hour_usd',
      help: `Estimated cost in US dollars of the metered use of ${subject} ${LAST_HOUR}. ${NOT_A_BILL} ${SHOWN}`,
      unit: 'usd',
      value: (row) => row.costLastHourPico,
    }),
    family(kind, {
      name: 'cost_usual_hour_usd',
      help:
        `Estimated cost in US dollars of the metered use of ${subject} that is usual for the last hour: mean of the same ` +
        'local hour of the week in the past 4 weeks, zone in claude_exporter_time_zone_info. Absent with less than 2 ' +
        `weeks of history. ${NOT_A_BILL} ${SHOWN}`,
      unit: 'usd',
      value: (row) => row.usualHourCostPico,
    }),
    family(kind, {
      name: 'tokens_per_minute',
      help: `Tokens per minute of ${subject}, of all classes but cache reads, mean of the last 5 minutes. ${SHOWN}`,
      unit: 'tokens per minute',
      value: (row) => row.tokensPerMinute,
    }),
    family(kind, {
      name: 'usual_tokens_per_minute',
      help:
        `Tokens per minute of ${subject}, of all classes but cache reads, that are usual while it works: mean of the ` +
        'quarters of an hour with any in the past 28 days, without the last hour. Absent with fewer than 8 of them. ' +
        SHOWN,
      unit: 'tokens per minute',
      value: (row) => row.usualTokensPerMinute,
    }),
  ]
}

interface HabitFamily {
  readonly name: string
  readonly help: string
  readonly unit: string
  readonly value: (row: HabitRow) => number | bigint | null
}

function family(kind: HabitRow['kind'], { name, help, unit, value }: HabitFamily): MetricDefinition {
  const scale = unit === 'usd' ? { scale: 'pico' as const } : {}
  const frame = {
    type: 'gauge',
    help,
    unit,
    collector: 'sessions',
    ...scale,
  } as const
  return kind === 'agent'
    ? metric({
        ...frame,
        name: `claude_agent_${name}`,
        labels: ['source', 'agent'],
        read: (snapshot) => samples(snapshot, kind, value, (row) => ({ source: row.source, agent: row.name })),
      })
    : metric({
        ...frame,
        name: `claude_project_${name}`,
        labels: ['project'],
        read: (snapshot) => samples(snapshot, kind, value, (row) => ({ project: row.name })),
      })
}

function samples<Labels extends object>(
  { habits }: Snapshot,
  kind: HabitRow['kind'],
  value: HabitFamily['value'],
  labels: (row: HabitRow) => Labels,
): (readonly [Labels, number | bigint])[] {
  return habits.flatMap((row) => {
    const known = row.kind === kind ? value(row) : null
    return known === null ? [] : [[labels(row), known] as const]
  })
}
