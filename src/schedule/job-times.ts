import { DAY_MS, MINUTE_MS } from '../core/time.ts'
import { type ActiveHours, activeHoursTest } from './active-hours.ts'
import { cronTimes, lastDue } from './cron.ts'

/** How far back a missed cron time is looked for: what is due once a month is made up, too. */
const LONGEST_MS = 32 * DAY_MS

export interface JobSchedule {
  /** Milliseconds from start to start; ignored when there is a cron expression. Null with none: never. */
  readonly every: number | null
  /** Five fields each, see `isCron`. */
  readonly cron: readonly string[]
  /** IANA zone of the cron expressions and the hours. */
  readonly timeZone: string
  readonly activeHours: ActiveHours | null
  /** Longest random delay before a scheduled run, milliseconds. */
  readonly jitterMs: number
}

/** Answers when a job is due. Instants are epoch milliseconds. */
export interface JobTimes {
  /** The last due time that was not asked about yet, up to now; null when there is none. Each is told once. */
  takeDue(now: number): number | null
  /** A run began although none was due. */
  ran(now: number): void
  /** When to ask again at the latest, besides every minute; null: no such time. */
  wakeAt(): number | null
  /** The next due time; null: never. */
  next(now: number): number | null
  isActive(instant: number): boolean
  close(): void
}

/** What is due of a job that ran last at `lastStartedAt`; null: never yet, which is not a due time missed. */
export function jobTimes(schedule: JobSchedule, lastStartedAt: number | null, now: number): JobTimes {
  const isActive = activeHoursTest(schedule.activeHours, schedule.timeZone)
  if (schedule.cron.length > 0) return timesOfCron(schedule, lastStartedAt ?? now, isActive)
  return timesOfInterval(schedule.every, lastStartedAt ?? now, isActive)
}

/** Due times outside the hours do not count. */
function timesOfCron({ cron, timeZone }: JobSchedule, asked: number, isActive: JobTimes['isActive']): JobTimes {
  const times = cron.map((expression) => cronTimes(expression, timeZone))
  let after = asked
  return {
    takeDue: (now) => {
      // A clock that was put back: better twice than not at all.
      const due = lastDue(times, { after: Math.min(after, now), until: now, longestMs: LONGEST_MS }, isActive)
      after = now
      return due
    },
    ran: () => {},
    wakeAt: () => null,
    next: () => {
      const nexts = times.flatMap((time) => time.next(isActive) ?? [])
      return nexts.length === 0 ? null : Math.min(...nexts)
    },
    isActive,
    close: () => {
      for (const time of times) time.close()
    },
  }
}

/** A due time outside the hours waits for them, else a job that is due once a night would never run. */
function timesOfInterval(every: number | null, asked: number, isActive: JobTimes['isActive']): JobTimes {
  let due = every === null ? null : asked + every
  return {
    takeDue: (now) => {
      if (every === null || due === null) return null
      if (due > now + every) due = now + every // the clock was put back
      if (due > now) return null
      const taken = due
      due = taken + every > now ? taken + every : now + every
      return taken
    },
    ran: (now) => {
      if (every !== null) due = now + every
    },
    wakeAt: () => due,
    next: (now) => (due === null ? null : firstActive(Math.max(due, now), isActive)),
    isActive,
    close: () => {},
  }
}

function firstActive(from: number, isActive: JobTimes['isActive']): number | null {
  if (isActive(from)) return from
  const first = Math.floor(from / MINUTE_MS) * MINUTE_MS + MINUTE_MS
  for (let minute = first; minute < from + 2 * DAY_MS; minute += MINUTE_MS) if (isActive(minute)) return minute
  return null
}
