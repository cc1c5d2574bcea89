import { createTask, validate } from 'node-cron'
import { MINUTE_MS } from '../core/time.ts'

/** Runs further ahead that are looked at for one within the active hours. */
const RUNS_AHEAD = 100

/** Due times of one cron expression in an IANA zone. */
export interface CronTimes {
  /** True when the minute that begins here is due, epoch milliseconds. */
  isDue(minute: number): boolean
  /** The first due time from the computer's present time that passes, epoch milliseconds. */
  next(passes: (instant: number) => boolean): number | null
  close(): void
}

/** True for five fields as `crontab` has them, or a name such as `@daily`. Seconds are not supported. */
export function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/)
  const isFive = fields.length === 5 || (fields.length === 1 && text.trim().startsWith('@'))
  return isFive && validate(text)
}

/** Due times of an expression that `isCron`. A local time that a clock change leaves out is not due that day. */
export function cronTimes(expression: string, timeZone: string): CronTimes {
  // Never started: it only answers. Its own timers know nothing of a clock that jumped.
  const task = createTask(expression, () => {}, { timezone: timeZone })
  return {
    isDue: (minute) => task.match(new Date(minute)),
    next: (passes) => {
      for (const date of task.getNextRuns(RUNS_AHEAD)) if (passes(date.getTime())) return date.getTime()
      return null
    },
    close: () => void task.destroy(),
  }
}

/** The last due time in (after, until] that passes, at most `longestMs` back; null when there is none. */
export function lastDue(
  times: readonly CronTimes[],
  { after, until, longestMs }: { readonly after: number; readonly until: number; readonly longestMs: number },
  passes: (instant: number) => boolean,
): number | null {
  const first = Math.max(after, until - longestMs)
  for (let minute = Math.floor(until / MINUTE_MS) * MINUTE_MS; minute > first; minute -= MINUTE_MS) {
    if (times.some((time) => time.isDue(minute)) && passes(minute)) return minute
  }
  return null
}
