import { byDay } from '../by-day.ts'
import type { DemoCall, DemoWorld, DemoWorldOptions } from '../world.ts'
import { eventSessions } from './events.ts'
import { plannedSessions, SESSION_LIMIT_MS } from './plans.ts'
import { FIRST_LOOK, LIVE_RUNAWAY, NIGHT_RUNAWAY, ROLES } from './roles.ts'
import { sessionCalls } from './session.ts'
import { createStory } from './story.ts'

/**
 * The agents of the demo and everything they ever do. What happens at a time follows from that time, the options and
 * nothing else, so any span can be asked for, in any order and again. Throws RangeError for a time zone that is none.
 */
export function createDemoWorld(options: DemoWorldOptions): DemoWorld {
  const story = createStory(options)
  const callsBetween = byDay((from, to) => {
    const span = { from: from - SESSION_LIMIT_MS, until: to }
    const sessions = [
      ...ROLES.flatMap((role) => plannedSessions(role, span, story)),
      ...eventSessions({ night: NIGHT_RUNAWAY, live: LIVE_RUNAWAY, firstLook: FIRST_LOOK }, span, story),
    ]
    const calls = sessions.flatMap((session) => sessionCalls(session))
    return calls.filter(({ time }) => time >= from && time < to).sort(inOrder)
  })
  return {
    from: story.from,
    callsBetween: (from, to) => callsBetween(Math.max(story.from, from), to),
  }
}

/** By time; calls of the same millisecond by id, so that the order never depends on the span. */
function inOrder(a: DemoCall, b: DemoCall): number {
  return a.time - b.time || (a.id < b.id ? -1 : 1)
}
