import { MINUTE_MS } from '../core/time.ts'
import type { Logger } from '../lib/logger.ts'
import { type JobSchedule, type JobTimes, jobTimes } from './job-times.ts'

/** So soon a clock that jumped is noticed: no timer runs while a computer sleeps. */
const POLL_MS = 30_000

/** `start`: the first run ever, or one overdue when the program began. `catch_up`: a due time that was missed. */
export type JobCause = 'start' | 'schedule' | 'catch_up'

export interface Job {
  readonly name: string
  readonly schedule: JobSchedule
  /** Epoch milliseconds; null when it never ran. */
  readonly lastStartedAt: number | null
  readonly run: (cause: JobCause) => Promise<void>
}

export interface ScheduleOptions {
  readonly now: () => number
  /** At least 0, below 1. */
  readonly random: () => number
  readonly logger: Logger
}

export interface Schedule {
  /** Begins no more runs; one that is under way goes on. */
  stop(): void
  /** When a job is due next, epoch milliseconds, jitter left out; null: never, or no such job. */
  next(name: string): number | null
}

interface State {
  readonly job: Job
  readonly times: JobTimes
  isRunning: boolean
  /** A run to begin as soon as it may. */
  pending: { readonly cause: JobCause; readonly notBefore: number } | null
}

/** Runs each job when it is due, never twice at once. What was missed is made up once. */
export function startSchedule(jobs: readonly Job[], { now, random, logger }: ScheduleOptions): Schedule {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  const states = jobs.map((job) => startState(job, now()))

  const tick = () => {
    if (isStopped) return
    const instant = now()
    for (const state of states) {
      noticeDue(state, instant, random)
      if (isReady(state, instant)) void launch(state)
    }
    clearTimeout(timer)
    timer = setTimeout(tick, untilNextLook(states, instant))
    timer.unref()
  }

  const launch = async (state: State) => {
    const { job, pending } = state
    if (pending === null) return
    state.isRunning = true
    state.pending = null
    try {
      await job.run(pending.cause)
    } catch (err) {
      logger.error('A scheduled run failed in a way it should not', { job: job.name, err })
    }
    state.isRunning = false
    if (state.pending !== null) tick()
  }

  tick()
  return {
    stop: () => {
      isStopped = true
      clearTimeout(timer)
      for (const { times } of states) times.close()
    },
    next: (name) => states.find(({ job }) => job.name === name)?.times.next(now()) ?? null,
  }
}

function startState(job: Job, now: number): State {
  const { schedule, lastStartedAt } = job
  const times = jobTimes(schedule, lastStartedAt, now)
  const isManual = schedule.every === null && schedule.cron.length === 0
  const isFirst = lastStartedAt === null && !isManual
  const isOverdue = times.takeDue(now) !== null
  if (isFirst || isOverdue) times.ran(now)
  const cause = isFirst || schedule.cron.length === 0 ? 'start' : 'catch_up'
  return { job, times, isRunning: false, pending: isFirst || isOverdue ? { cause, notBefore: now } : null }
}

function noticeDue(state: State, now: number, random: () => number): void {
  const due = state.times.takeDue(now)
  if (due === null || state.pending !== null) return
  const cause = now - due > MINUTE_MS ? 'catch_up' : 'schedule'
  state.pending = { cause, notBefore: now + Math.floor(random() * state.job.schedule.jitterMs) }
}

function isReady({ isRunning, pending, times }: State, now: number): boolean {
  return pending !== null && !isRunning && pending.notBefore <= now && times.isActive(now)
}

/** Milliseconds; ends with the minute at the latest, where cron times and active hours begin. */
function untilNextLook(states: readonly State[], now: number): number {
  const waits = states
    .flatMap(({ times, pending }) => [times.wakeAt() ?? 0, pending?.notBefore ?? 0])
    .filter((instant) => instant > now)
    .map((instant) => instant - now)
  return Math.max(1, Math.min(POLL_MS, MINUTE_MS - (now % MINUTE_MS), ...waits))
}
