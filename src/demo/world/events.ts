import { HABITS } from './habits.ts'
import { modelAt } from './plans.ts'
import type { Role, SessionHabit } from './role.ts'
import type { SessionPlan } from './session.ts'
import type { Span, Story } from './story.ts'

/** Sessions that the agent of a runaway starts, and how long after each other. */
const HELP_COUNT = 5
const HELP_DELAY_MS = 7_000

/** Who is in the events of the story. */
export interface EventRoles {
  /** Runs away in the bad night of history. */
  readonly night: Role
  /** Runs away again and again after somebody began to look. */
  readonly live: Role
  /** Works while somebody looks for the first time. */
  readonly firstLook: Role
}

/** The sessions of the story's events that overlap a span. */
export function eventSessions(roles: EventRoles, span: Span, story: Story): readonly SessionPlan[] {
  const { night, live, firstLook } = roles
  const isOn = (event: Span) => event.from < span.until && event.until > span.from
  return [
    ...(story.badNight !== null && isOn(story.badNight)
      ? [plan(night, 'bad-night', story.badNight, HABITS.endlessJob, story)]
      : []),
    ...(isOn(story.firstLook) ? [plan(firstLook, 'first-look', story.firstLook, firstLook.habit, story)] : []),
    ...story.runawaysIn(span).flatMap(({ number, from, until }) => {
      const key = `runaway/${number}/${from}`
      const help = Array.from({ length: HELP_COUNT }, (_, index) =>
        plan(live, `${key}/${index}`, { from: from + (index + 1) * HELP_DELAY_MS, until }, HABITS.endlessHelp, story),
      )
      return [plan(live, key, { from, until }, HABITS.endlessAttempt, story), ...help]
    }),
  ]
}

function plan(role: Role, key: string, { from, until }: Span, habit: SessionHabit, story: Story): SessionPlan {
  return {
    role,
    key: `${role.name}/${key}`,
    start: from,
    until,
    model: modelAt(role, from, story),
    habit,
    losesCache: false,
  }
}
