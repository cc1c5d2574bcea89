import { HABITS } from './habits.ts'
import { modelAt } from './plans.ts'
import type { Role, SessionHabit } from './role.ts'
import type { SessionPlan } from './session.ts'
import type { Span, Story } from './story.ts'

/** Sessions that the agent of a runaway starts, and how long after each other. */
const HELP_COUNT = 5
const HELP_DELAY_MS = 7_000

/** Who runs away: in the bad night of history, and again and again after somebody began to look. */
export interface RunawayRoles {
  readonly night: Role
  readonly live: Role
}

/** The sessions of all runaways that overlap a span. */
export function runawaySessions({ night, live }: RunawayRoles, span: Span, story: Story): readonly SessionPlan[] {
  const { badNight } = story
  const isBadNight = badNight !== null && badNight.from < span.until && badNight.until > span.from
  return [
    ...(isBadNight ? [plan(night, 'bad-night', badNight, HABITS.endlessJob, story)] : []),
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
