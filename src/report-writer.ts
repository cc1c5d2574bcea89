import { readFile, stat } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Api } from './api/create-api.ts'
import type { Config } from './config/config.ts'
import { type ReportSettings, reportsOf } from './config/reports.ts'
import { OperatorError } from './core/errors.ts'
import { isoTime } from './core/period.ts'
import type { Clock } from './lib/clock.ts'
import type { Logger } from './lib/logger.ts'
import type { Overview } from './overview/overview.ts'
import type { Job, Schedule } from './schedule/schedule.ts'

/** So often it is looked whether the history is read at last. */
const LOOK_MS = 1_000

export interface ReportWriterOptions {
  readonly config: Config
  readonly api: () => Promise<Pick<Api, 'context' | 'inTurn'>>
  /** Style and script of the page. */
  readonly assets: () => Promise<{
    readonly style: { readonly text: string }
    readonly script: { readonly text: string }
  }>
  readonly clock: Clock
  readonly logger: Logger
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

class Writer implements ReportWriter {
  readonly #options: ReportWriterOptions
  readonly #stopping = new AbortController()
  readonly #writing = new Set<Promise<void>>()
  #reports: readonly ReportSettings[]
  #isStarted = false
  #schedule: Schedule | null = null
  /** One change of the schedule after the other. */
  #last: Promise<void> = Promise.resolve()
  #reading: Promise<Overview> | null = null

  constructor(options: ReportWriterOptions) {
    this.#options = options
    this.#reports = reportsOf(options.config)
  }

  start(): Promise<void> {
    this.#isStarted = true
    return this.#reschedule()
  }

  async configure(config: Config): Promise<void> {
    // The zone of days waits for a restart; that of cron expressions need not.
    const reports = reportsOf(config)
    if (isDeepStrictEqual(reports, this.#reports)) return
    this.#reports = reports
    if (this.#isStarted) await this.#reschedule()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#last
    this.#schedule?.stop()
    await Promise.allSettled(this.#writing)
  }

  #reschedule(): Promise<void> {
    this.#last = this.#last
      .then(() => this.#plan())
      .catch((error: unknown) => {
        this.#options.logger.error(
          'reports cannot be planned; none is written until the configuration is loaded again',
          {
            err: error,
          },
        )
      })
    return this.#last
  }

  async #plan(): Promise<void> {
    this.#schedule?.stop()
    this.#schedule = null
    const planned = this.#reports.filter(({ everyMs, cron }) => everyMs !== null || cron.length > 0)
    if (planned.length === 0 || this.#stopping.signal.aborted) return
    // node-cron takes long to load, and most configurations have no reports.
    const [{ startSchedule }, { isCron }] = await Promise.all([
      import('./schedule/schedule.ts'),
      import('./schedule/cron.ts'),
    ])
    const { clock, logger } = this.#options
    const jobs = await Promise.all(
      planned.filter((report) => this.#canBeDue(report, isCron)).map((report) => this.#jobOf(report)),
    )
    if (this.#stopping.signal.aborted) return
    const now = () => clock.now()
    this.#schedule = startSchedule(jobs, { now, random: Math.random, logger })
    for (const { format, output, timeZone } of planned) {
      const next = this.#schedule.next(output)
      if (next !== null)
        logger.info('a report is written by the clock', { format, output, next: isoTime(next, timeZone) })
    }
  }

  /** The configuration knows less of cron expressions than what runs them. */
  #canBeDue({ format, output, cron }: ReportSettings, isCron: (text: string) => boolean): boolean {
    const wrong = cron.find((expression) => !isCron(expression))
    if (wrong === undefined) return true
    this.#options.logger.error('a report is never due; correct its cron expression in reports', {
      format,
      output,
      cron: wrong,
    })
    return false
  }

  async #jobOf(report: ReportSettings): Promise<Job> {
    const { output, everyMs, cron, timeZone } = report
    return {
      name: output,
      schedule: { every: everyMs, cron, timeZone, activeHours: null, jitterMs: 0 },
      lastStartedAt: await writtenAt(report),
      run: () => this.#track(this.#write(report)),
    }
  }

  async #track(work: Promise<void>): Promise<void> {
    this.#writing.add(work)
    try {
      await work
    } finally {
      this.#writing.delete(work)
    }
  }

  /** Never rejects: what went wrong is in the log, and the next due time is another attempt. */
  async #write(report: ReportSettings): Promise<void> {
    const { format, output } = report
    const { logger, assets, clock } = this.#options
    try {
      const overview = await this.#read()
      if (overview === null) return
      const [{ renderDocument }, { updateSection, writeDocument }] = await Promise.all([
        import('./documents/render.ts'),
        import('./documents/files/write-document.ts'),
      ])
      const nextAt = this.#schedule?.next(output) ?? null
      const text = renderDocument(format, overview, { assets: await assets(), nextAt })
      const { bytes, isChanged } = await (format === 'section'
        ? updateSection(output, text)
        : writeDocument(output, text))
      logger.debug('wrote a report', { format, output, bytes, changed: isChanged })
    } catch (error) {
      const next = this.#schedule?.next(output) ?? null
      logger.error('a report could not be written; the next due time is the next attempt', {
        format,
        output,
        ...(error instanceof OperatorError
          ? { error: error.message, ...seenOf(error), fix: error.fix ?? '' }
          : { err: error }),
        next: next === null ? 'none' : isoTime(next, report.timeZone),
        at: isoTime(clock.now(), report.timeZone),
      })
    }
  }

  /** Everything that is shown as of now, once the history is read; null where the program stops before that. */
  async #read(): Promise<Overview | null> {
    const api = await this.#options.api()
    while (!api.context().current.complete) {
      if (!(await waited(LOOK_MS, this.#stopping.signal))) return null
    }
    if (this.#stopping.signal.aborted) return null
    const { readOverview } = await import('./overview/read.ts')
    // Reports that are due together are of the same moment.
    this.#reading ??= api
      .inTurn(() => readOverview(api.context()))
      .finally(() => {
        this.#reading = null
      })
    return this.#reading
  }
}

function seenOf({ seen }: OperatorError): { readonly seen?: unknown } {
  return seen === undefined ? {} : { seen }
}

/** When a report was last written, epoch milliseconds; null: never. Others write to the file around a section as well. */
async function writtenAt({ format, output }: ReportSettings): Promise<number | null> {
  try {
    if (format !== 'section') return (await stat(output)).mtimeMs
    const [{ sectionIn }, { sectionWrittenAt }] = await Promise.all([
      import('./documents/files/section.ts'),
      import('./documents/markdown/section.ts'),
    ])
    const section = sectionIn(await readFile(output))
    return section === null ? null : sectionWrittenAt(section)
  } catch {
    // Whatever it is, writing tells of it.
    return null
  }
}

/** False when it was stopped. */
function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(true), ms)
    const stop = () => done(false)
    const done = (isOver: boolean) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve(isOver)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
