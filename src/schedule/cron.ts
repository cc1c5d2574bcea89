import { createTask, validate } from 'node-cron'
import { MINUTE_MS } from '../core/time.ts'

/** Runs further ahead that are looked at for one within the active hours. */
const RUNS_AHEAD = 100

/** So finely days begin in any zone, in UTC. */
const QUARTER_MS = 15 * MINUTE_MS

/** What stands for names, as far as the day matters. */
const DAYS_OF_NAMES: Readonly<Record<string, string>> = {
  '@yearly': '1 1 *',
  '@annually': '1 1 *',
  '@monthly': '1 * *',
  '@weekly': '* * 0',
}

/** Due times of one cron expression in an IANA zone. */
export interface CronTimes {
  /** True when the minute that begins here is due, epoch milliseconds. */
  isDue(minute: number): boolean
  /** False when nothing is due on the local day of the instant. */
  isDayOf(instant: number): boolean
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
  const ofDay = createTask(`* * ${dayFields(expression)}`, () => {}, { timezone: timeZone })
  return {
    isDue: (minute) => task.match(new Date(minute)),
    isDayOf: (instant) => ofDay.match(new Date(instant)),
    next: (passes) => {
      for (const date of task.getNextRuns(RUNS_AHEAD)) if (passes(date.getTime())) return date.getTime()
      return null
    },
    close: () => {
      void task.destroy()
      void ofDay.destroy()
    },
  }
}

function dayFields(expression: string): string {
  const fields = expression.trim().split(/\s+/)
  return fields.length === 5 ? fields.slice(2).join(' ') : (DAYS_OF_NAMES[expression.trim()] ?? '* * *')
}

/** The next due time of any of these expressions, epoch milliseconds; null with none, or with one that is wrong. */
export function nextCronTime(expressions: readonly string[], timeZone: string): number | null {
  if (!expressions.every(isCron)) return null
  const nexts = expressions.flatMap((expression) => {
    const times = cronTimes(expression, timeZone)
    const next = times.next(() => true)
    times.close()
    return next ?? []
  })
  return nexts.length === 0 ? null : Math.min(...nexts)
}

/** The last due time in (after, until] that passes, at most `longestMs` back; null when there is none. */
export function lastDue(
  times: readonly CronTimes[],
  { after, until, longestMs }: { readonly after: number; readonly until: number; readonly longestMs: number },
  passes: (instant: number) => boolean,
): number | null {
  const first = Math.max(after, until - longestMs)
  for (let minute = Math.floor(until / MINUTE_MS) * MINUTE_MS; minute > first; ) {
    const quarter = Math.floor(minute / QUARTER_MS) * QUARTER_MS
    const candidates = times.filter((time) => time.isDayOf(quarter))
    for (; candidates.length > 0 && minute >= quarter && minute > first; minute -= MINUTE_MS) {
      if (candidates.some((time) => time.isDue(minute)) && passes(minute)) return minute
    }
    minute = Math.min(minute, quarter - MINUTE_MS)
  }
  return null
}
