import { countText, usdText } from '../core/figure-text.ts'
import { nameText } from '../lib/name-text.ts'
import { labelValue } from '../view/labels.ts'
import type { Advice, AdviceInput, AdviceUsage } from './advice.ts'
import { adviceId, type Found, NO_AMOUNT } from './found.ts'
import { hourlyCost, hourlyText } from './hourly-cost.ts'
import { subjectText } from './text.ts'

type ActiveRow = AdviceInput['active'][number]
type HabitRow = AdviceInput['habits'][number]

/** Sessions, agents and projects that pass a threshold of a runaway now. */
export function stopSessionAdvice(input: AdviceInput): readonly Found[] {
  const rows = input.active.filter(({ sessions }) => sessions > 0)
  const runaways = rows.filter((row) => reasonsOf(row, input).length > 0)
  const agents = input.habits.filter(
    (habit) => habit.kind === 'agent' && isRunaway(habit, input) && !runaways.some((row) => isOfAgent(row, habit)),
  )
  // A project whose agent is told of already has no cause of its own.
  const told = rows.filter((row) => runaways.includes(row) || agents.some((habit) => isOfAgent(row, habit)))
  const projects = input.habits.filter(
    (habit) =>
      habit.kind === 'project' && isRunaway(habit, input) && !told.some(({ project }) => project === habit.name),
  )
  return [
    ...runaways.map((row) => ofSession(row, input)),
    ...[...agents, ...projects].map((habit) => ofHabit(habit, input)),
    ...ofTooMany(rows, input),
  ]
}

function ofSession(row: ActiveRow, input: AdviceInput): Found {
  const { source, agent, project } = row
  const labels = { source, agent, project }
  const used = input.last7Days.filter((use) => isUseOf(use, labels))
  const cost = hourlyCost({ tokensPerMinute: row.tokensPerMinuteMax, withCacheReads: true }, used)
  const habit = input.habits.find((other) => other.kind === 'agent' && isOfAgent(row, other))
  const lastHour = habit === undefined ? '' : lastHourText(habit)
  return found(labels, {
    weightPico: cost?.pico ?? 0n,
    title: `Look at ${row.sessions === 1 ? 'the session' : 'the sessions'} of ${subjectText(row)} and stop what nobody is waiting for.`,
    detail: `${reasonsOf(row, input).join(' ')}${hourlyText(cost)}${lastHour}`,
    formula: cost?.formula ?? null,
  })
}

function reasonsOf(row: ActiveRow, { thresholds }: AdviceInput): readonly string[] {
  const { tokensPerMinuteMax, unattendedRequestsMax } = row
  const one = row.sessions === 1 ? 'It' : `One of ${countText(row.sessions)}`
  const rate = `uses ${countText(tokensPerMinuteMax)} tokens per minute`
  const isFast = tokensPerMinuteMax > thresholds.session_rate_tokens
  const reasons: string[] = []
  if (isFast) reasons.push(`${one} ${rate}, more than the ${countText(thresholds.session_rate_tokens)} of a runaway.`)
  if ((unattendedRequestsMax ?? 0) > thresholds.unattended_requests_count) {
    const requests = countText(unattendedRequestsMax ?? 0)
    reasons.push(`${one} has made ${requests} requests since somebody last wrote to it${isFast ? '' : ` and ${rate}`}.`)
  }
  return reasons
}

function isRunaway({ tokensPerMinute, usualTokensPerMinute }: HabitRow, { thresholds }: AdviceInput): boolean {
  if (usualTokensPerMinute === null || tokensPerMinute <= thresholds.agent_rate_tokens) return false
  return tokensPerMinute > thresholds.agent_rate_ratio * usualTokensPerMinute
}

function ofHabit(habit: HabitRow, input: AdviceInput): Found {
  const { kind, source, name, tokensPerMinute, usualTokensPerMinute } = habit
  const labels = kind === 'agent' ? { source, agent: name } : { project: name }
  const used = input.last7Days.filter((use) => isUseOf(use, labels))
  const cost = hourlyCost({ tokensPerMinute, withCacheReads: false }, used)
  return found(labels, {
    weightPico: cost?.pico ?? 0n,
    title: `Look at what ${habitText(habit)} does now and stop what nobody is waiting for.`,
    detail: `It uses ${countText(tokensPerMinute)} tokens per minute without cache reads; usual while it works is ${countText(usualTokensPerMinute ?? 0)}.${hourlyText(cost)}${lastHourText(habit)}`,
    formula: cost?.formula ?? null,
  })
}

/** Empty where nothing was paid. */
function lastHourText(habit: HabitRow): string {
  const { costLastHourPico, usualHourCostPico } = habit
  if (costLastHourPico === 0n) return ''
  const usual = usualHourCostPico === null ? '' : `; usual at this time of the week is ${usdText(usualHourCostPico)}`
  return ` In the last hour ${habitText(habit)} cost ${usdText(costLastHourPico)}${usual}.`
}

function habitText({ kind, source, name }: HabitRow): string {
  return kind === 'agent' ? subjectText({ source, agent: name, project: '' }) : `project ${nameText(name)}`
}

function ofTooMany(rows: readonly ActiveRow[], { thresholds }: AdviceInput): readonly Found[] {
  const limit = thresholds.active_sessions_count
  const sessions = rows.reduce((sum, row) => sum + row.sessions, 0)
  if (sessions <= limit) return []
  const [most] = [...rows].sort(
    (a, b) => b.sessions - a.sessions || (JSON.stringify(keyOf(a)) < JSON.stringify(keyOf(b)) ? -1 : 1),
  )
  const largest =
    most === undefined || most.sessions < 2
      ? ''
      : ` The most of one kind are ${countText(most.sessions)} of ${subjectText(most)}.`
  return [
    found(
      {},
      {
        weightPico: 0n,
        title: 'Stop sessions that nobody is waiting for.',
        detail: `${countText(sessions)} sessions are active; more than ${countText(limit)} are thought too many.${largest}`,
        formula: null,
      },
    ),
  ]
}

type Parts = Pick<Found, 'weightPico'> & Pick<Advice, 'title' | 'detail' | 'formula'>

function found(labels: Advice['labels'], { weightPico, ...texts }: Parts): Found {
  const id = adviceId('stop_session', labels)
  return { weightPico, advice: { id, kind: 'stop_session', urgency: 'now', ...texts, ...NO_AMOUNT, labels } }
}

/** Whether everything that the labels name is so of the use. */
function isUseOf(use: AdviceUsage, labels: Readonly<Partial<Record<'source' | 'agent' | 'project', string>>>): boolean {
  const { source = use.source } = labels
  const isSame = (name: 'agent' | 'project') => labels[name] === undefined || labels[name] === labelValue(use[name])
  return source === use.source && isSame('agent') && isSame('project')
}

function isOfAgent({ source, agent }: ActiveRow, habit: HabitRow): boolean {
  return habit.source === source && habit.name === agent
}

function keyOf({ source, agent, project }: ActiveRow): readonly string[] {
  return [source, agent, project]
}
