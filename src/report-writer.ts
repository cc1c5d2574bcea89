import { isDeepStrictEqual } from 'node:util'
import type { Config } from './config/config.ts'
import { type ReportSettings, reportsOf } from './config/reports.ts'
import type { DocumentFormat } from './core/document-format.ts'
import { OperatorError } from './core/errors.ts'
import { isoTime } from './core/period.ts'
import type { DocumentParts } from './documents/render.ts'
import type { Clock } from './lib/clock.ts'
import type { Logger } from './lib/logger.ts'
import { waited } from './lib/wait.ts'
import type { Overview } from './overview/overview.ts'
import { type OverviewApi, overviewReader } from './overview/reader.ts'
import type { Job, Schedule } from './schedule/schedule.ts'

/** What may pass by itself, such as a ledger that is busy, is tried again so soon, and as often in all. */
const RETRY_MS = 60_000
const ATTEMPTS = 3

/** Counts what was written, and what could not be when it was due. */
export interface ReportHealth {
  reportWritten(format: DocumentFormat): void
  reportFailed(format: DocumentFormat): void
}

export interface ReportWriterOptions {
  readonly config: Config
  readonly api: () => Promise<OverviewApi>
  readonly assets: () => Promise<DocumentParts['assets']>
  readonly clock: Clock
  readonly logger: Logger
  readonly health: ReportHealth
  /** Milliseconds until another attempt; default one minute. */
  readonly retryMs?: number
}

/** Writes the configured reports by the clock. Nothing that goes wrong with one reaches anything else. */
export interface ReportWriter {
  /** Begins, and writes what was due meanwhile. Never rejects. */
  start(): Promise<void>
  /** Takes over the reports of another configuration. Never rejects. */
  configure(config: Config): Promise<void>
  /** Begins no more reports and waits for those that are being written. */
  stop(): Promise<void>
}

export function createReportWriter(options: ReportWriterOptions): ReportWriter {
  return new Writer(options)
}

/** Reports of one configuration, from when it is loaded until the next one is. */
interface Plan {
  schedule: Schedule | null
  readonly writing: Set<Promise<void>>
  readonly ending: AbortController
}

class Writer implements ReportWriter {
  readonly #options: ReportWriterOptions
  readonly #read: (signal: AbortSignal) => Promise<Overview | null>
  #reports: readonly ReportSettings[]
  #isStarted = false
  #isStopped = false
  #plan: Plan = newPlan()
  /** One change of the plan after the other. */
  #last: Promise<void> = Promise.resolve()

  constructor(options: ReportWriterOptions) {
    this.#options = options
    this.#read = overviewReader(options.api)
    this.#reports = reportsOf(options.config)
  }

  start(): Promise<void> {
    this.#isStarted = true
    return this.#replan()
  }

  async configure(config: Config): Promise<void> {
    // The zone of days waits for a restart; that of cron expressions need not.
    const reports = reportsOf(config)
    if (isDeepStrictEqual(reports, this.#reports)) return
    this.#reports = reports
    if (this.#isStarted) await this.#replan()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#plan.ending.abort()
    await this.#last
    await endOf(this.#plan)
  }

  #replan(): Promise<void> {
    this.#last = this.#last
      .then(async () => {
        // Nothing of the old plan may write beside the new one, least of all a report that is taken away.
        await endOf(this.#plan)
        this.#plan = newPlan()
        if (!this.#isStopped) await this.#begin(this.#plan)
      })
      .catch((error: unknown) => {
        const message = 'reports cannot be planned; none is written until the configuration is loaded again'
        this.#options.logger.error(message, { err: error })
      })
    return this.#last
  }

  async #begin(plan: Plan): Promise<void> {
    const reports = this.#reports.filter(({ everyMs, cron }) => everyMs !== null || cron.length > 0)
    if (reports.length === 0) return
    // node-cron takes long to load, and most configurations have no reports.
    const [{ startSchedule }, { isCron }, { lastWritten }] = await Promise.all([
      import('./schedule/schedule.ts'),
      import('./schedule/cron.ts'),
      import('./documents/files/last-written.ts'),
    ])
    const { clock, logger } = this.#options
    const jobs = await Promise.all(
      reports
        .filter((report) => this.#canBeDue(report, isCron))
        .map(async (report): Promise<Job> => {
          const { format, output, everyMs: every, cron, timeZone } = report
          return {
            name: output,
            schedule: { every, cron, timeZone, activeHours: null, jitterMs: 0 },
            lastStartedAt: await lastWritten(format, output),
            run: () => tracked(plan.writing, this.#write(report, plan)),
          }
        }),
    )
    if (plan.ending.signal.aborted) return
    plan.schedule = startSchedule(jobs, { now: () => clock.now(), random: Math.random, logger })
    for (const { format, output, timeZone } of reports) {
      const next = plan.schedule.next(output)
      if (next === null) continue
      logger.info('a report is written by the clock', { format, output, next: isoTime(next, timeZone) })
    }
  }

  /** The configuration knows less of cron expressions than what runs them. */
  #canBeDue({ format, output, cron }: ReportSettings, isCron: (text: string) => boolean): boolean {
    const wrong = cron.find((expression) => !isCron(expression))
    if (wrong === undefined) return true
    const message = 'a report is never due; correct its cron expression in reports'
    this.#options.logger.error(message, { format, output, cron: wrong })
    return false
  }

  /** Never rejects: what went wrong is in the log, and the next due time is another attempt. */
  async #write(report: ReportSettings, plan: Plan): Promise<void> {
    const { format, output, timeZone } = report
    const { logger, retryMs = RETRY_MS } = this.#options
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(report, plan)
      } catch (error) {
        if (!(error instanceof OperatorError) && attempt < ATTEMPTS) {
          logger.warn('a report could not be written; it is tried again soon', { format, output, err: error })
          if (await waited(retryMs, plan.ending.signal)) continue
          return
        }
        this.#options.health.reportFailed(format)
        const next = plan.schedule?.next(output) ?? null
        logger.error('a report could not be written; the next due time is the next attempt', {
          format,
          output,
          ...factsOf(error),
          next: next === null ? 'none' : isoTime(next, timeZone),
        })
        return
      }
    }
  }

  async #attempt({ format, output }: ReportSettings, plan: Plan): Promise<void> {
    const overview = await this.#read(plan.ending.signal)
    if (overview === null) return
    const [{ renderDocument }, { putDocument }] = await Promise.all([
      import('./documents/render.ts'),
      import('./documents/files/write-document.ts'),
    ])
    const parts = { assets: await this.#options.assets(), nextAt: plan.schedule?.next(output) ?? null }
    const { bytes, isChanged } = await putDocument(format, output, renderDocument(format, overview, parts))
    this.#options.health.reportWritten(format)
    this.#options.logger.debug('wrote a report', { format, output, bytes, changed: isChanged })
  }
}

function newPlan(): Plan {
  return { schedule: null, writing: new Set(), ending: new AbortController() }
}

/** Resolves when nothing of a plan is under way any more. */
async function endOf({ schedule, writing, ending }: Plan): Promise<void> {
  ending.abort()
  schedule?.stop()
  await Promise.allSettled(writing)
}

function tracked(all: Set<Promise<void>>, work: Promise<void>): Promise<void> {
  all.add(work)
  return work.finally(() => all.delete(work))
}

function factsOf(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof OperatorError)) return { err: error }
  const { message, seen, fix = '' } = error
  return { error: message, ...(seen === undefined ? {} : { seen }), fix }
}
