import { barsPanel, seriesPanel } from '../../lib/panels.ts'
import { peakPerBar, ratio, type Select, withAgentName } from '../../lib/select.ts'
import { steps } from '../../lib/thresholds.ts'

const QUARTER = { width: 6, height: 8 } as const

export function costAgainstUsual(select: Select) {
  const of = (family: string) => `sum by (project) (${select(family)})`
  return barsPanel({
    ...QUARTER,
    id: 20,
    title: 'Cost of the last hour to usual',
    description:
      'Estimated cost of the last hour as a multiple of the same hour of the week over the past 4 weeks, by project. Needs ' +
      'two weeks of history; what usually costs nothing in this hour is left out.',
    unit: 'multiple',
    decimals: 1,
    min: 0,
    thresholds: steps([2, 'yellow'], [5, 'red']),
    noValue: 'nothing to compare with',
    queries: [
      {
        refId: 'A',
        expr: `topk(6, ${ratio(of('claude_project_cost_last_hour_usd'), of('claude_project_cost_usual_hour_usd'))})`,
        legend: '{{project}}',
      },
    ],
  })
}

export function agentRates(select: Select) {
  const of = (family: string) => `sum by (source, agent) (${select(family)})`
  return barsPanel({
    ...QUARTER,
    id: 21,
    title: 'Tokens of the last 5 minutes to usual',
    description:
      'Tokens per minute of the last 5 minutes, without cache reads, as a multiple of what is usual while the agent works.',
    unit: 'multiple',
    decimals: 1,
    min: 0,
    thresholds: steps([3, 'yellow'], [10, 'red']),
    noValue: 'nothing to compare with',
    queries: [
      {
        refId: 'A',
        expr: withAgentName(
          `topk(6, ${ratio(of('claude_agent_tokens_per_minute'), of('claude_agent_usual_tokens_per_minute'))})`,
        ),
        legend: '{{name}}',
      },
    ],
  })
}

export function fastest(select: Select) {
  return seriesPanel({
    ...QUARTER,
    id: 22,
    title: 'Fastest session, by project',
    isDistinct: true,
    points: true,
    noValue: 'no active session in the time shown',
    description:
      'Tokens of all classes per minute of the fastest active session, mean of 5 minutes; the highest from each point on ' +
      'to the next.',
    unit: 'perMinute',
    min: 0,
    queries: [
      {
        refId: 'A',
        expr: `max by (project) (${peakPerBar(select('claude_session_tokens_per_minute_max'))})`,
        legend: '{{project}}',
      },
    ],
  })
}

export function unattended(select: Select) {
  return seriesPanel({
    ...QUARTER,
    id: 23,
    title: 'Requests since a person spoke',
    isDistinct: true,
    points: true,
    noValue: 'no active session in the time shown',
    description:
      'Most requests that an active session had made since its last human turn, by project, from each point on to the next.',
    unit: 'count',
    decimals: 0,
    min: 0,
    queries: [
      {
        refId: 'A',
        expr: `max by (project) (${peakPerBar(select('claude_session_unattended_requests_max'))})`,
        legend: '{{project}}',
      },
    ],
  })
}
