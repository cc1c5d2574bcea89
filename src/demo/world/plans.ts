import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/time.ts'
import { createRandom } from './random.ts'
import { busyness } from './rhythm.ts'
import type { Role, Schedule } from './role.ts'
import type { SessionPlan } from './session.ts'
import type { Span, Story } from './story.ts'

/** Sessions are cut there, so that what goes on at a moment can be told from what began shortly before. */
export const SESSION_LIMIT_MS = 5 * HOUR_MS
const CRON_DELAY_MS = 40_000

/** The sessions that a role begins within a span, however the span is cut into parts. */
export function plannedSessions(role: Role, span: Span, story: Story): readonly SessionPlan[] {
  const plans: SessionPlan[] = []
  for (let hour = Math.floor(span.from / HOUR_MS) * HOUR_MS; hour < span.until; hour += HOUR_MS) {
    for (const [index, start] of sessionStarts(role, hour, story).entries()) {
      if (start >= span.from && start < span.until && isAtWork(role, start, story)) {
        plans.push(planSession(role, `${role.name}/${hour}/${index}`, start, story))
      }
    }
  }
  return plans
}

/** The model that a role uses at a time, epoch milliseconds. */
export function modelAt(role: Role, time: number, story: Story): string {
  const share = story.shareAt(time)
  return (role.models.findLast(({ from }) => from <= share) ?? role.models[0])?.model ?? 'unknown'
}

function planSession(role: Role, key: string, start: number, story: Story): SessionPlan {
  return {
    role,
    key,
    start,
    until: start + SESSION_LIMIT_MS,
    model: modelAt(role, start, story),
    habit: role.habit,
    losesCache: role.losesCache === true && start >= story.cacheLossFrom,
  }
}

function isAtWork({ life }: Role, time: number, story: Story): boolean {
  if (life === undefined) return true
  const share = story.shareAt(time)
  return share >= life.from && share < life.until
}

/** When sessions begin within an hour (epoch milliseconds, whole), in any order. */
function sessionStarts({ name, schedule, growsFrom }: Role, hour: number, story: Story): readonly number[] {
  const random = createRandom(`${name}/${hour}`)
  if (schedule.kind === 'cron') {
    return isDue(schedule, hour) ? [hour + schedule.minute * MINUTE_MS + Math.floor(random.next() * CRON_DELAY_MS)] : []
  }
  const growth = growsFrom ** (1 - Math.min(1, story.shareAt(hour)))
  const expected = schedule.perHour * growth * busyness(schedule.rhythm, story.localHour(hour + HOUR_MS / 2))
  const count = Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0)
  return Array.from({ length: count }, () => hour + Math.floor(random.next() * HOUR_MS))
}

function isDue({ hours, weekdaysOnly }: Extract<Schedule, { kind: 'cron' }>, hour: number): boolean {
  const weekday = new Date(hour).getUTCDay()
  return hours.includes((hour % DAY_MS) / HOUR_MS) && !(weekdaysOnly && (weekday === 0 || weekday === 6))
}
