import { apiSource, type Report } from '../../core/organization.ts'
import { SyncError, type SyncRun } from '../../core/sync-run.ts'
import { type Deadline, openDeadline, sleepUntil } from './deadline.ts'
import { PermanentFailures } from './failures.ts'
import { readReport } from './read-report.ts'
import { isPassing, retryWait } from './retry.ts'
import { endOf, type Failure, outOfTime, textOf } from './run-end.ts'
import { type OnProgress, RunState } from './run-state.ts'
import type { OrganizationSyncOptions, SyncRequest } from './sync-options.ts'

const DEFAULT_LIMIT_MS = 10 * 60_000
const DEFAULT_RETRIES = 3

interface Current {
  readonly run: Promise<SyncRun>
  readonly listeners: OnProgress[]
}

/** Brings the reports of one organisation into the ledger, one report at a time. */
export class OrganizationSync {
  readonly #options: OrganizationSyncOptions
  readonly #failures = new PermanentFailures()
  readonly #lastDeepAt = new Map<Report, number>()
  /** Runs that others may join, waiting ones too. */
  readonly #current = new Map<Report, Current>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: OrganizationSyncOptions) {
    this.#options = options
  }

  /**
   * Runs a report now, or joins the run of it that is under way; one with a range and a dry run wait for their turn. Never
   * rejects: how it went is in the result. The signal is that of the program; it interrupts.
   */
  run(request: SyncRequest, signal: AbortSignal): Promise<SyncRun> {
    const isOwn = request.range !== undefined || request.dryRun === true
    const current = isOwn ? undefined : this.#current.get(request.report)
    if (current !== undefined) {
      if (request.onProgress !== undefined) current.listeners.push(request.onProgress)
      return current.run
    }
    const listeners = request.onProgress === undefined ? [] : [request.onProgress]
    const run = this.#turn.then(() => this.#runOnce(request, listeners, signal))
    this.#turn = Promise.allSettled([run])
    if (isOwn) return run
    const joinable = { run, listeners }
    this.#current.set(request.report, joinable)
    return run.finally(() => this.#current.delete(request.report))
  }

  /**
   * Like `run`, for the schedule. Null, without a run, while the report is left alone because it failed in a way that
   * only another credential or time mends.
   */
  async runScheduled(request: SyncRequest, signal: AbortSignal): Promise<SyncRun | null> {
    const until = this.#failures.pausedUntil(request.report, await this.#credentialMark(), this.#options.now())
    if (until === null) return this.run(request, signal)
    const source = apiSource(this.#options.api.organization, request.report)
    this.#options.logger.debug('Left out a scheduled sync after a failure', {
      source,
      until: new Date(until).toISOString(),
    })
    return null
  }

  async #runOnce(request: SyncRequest, listeners: readonly OnProgress[], signal: AbortSignal): Promise<SyncRun> {
    const { api, now, events, ledger } = this.#options
    const { report, cause, range } = request
    const isDry = request.dryRun === true
    const source = apiSource(api.organization, report)
    const start = { source, cause, startedAt: now() }
    const state = new RunState(report, (done, total, rows) => {
      for (const listener of listeners) listener(done, total, rows)
      if (!isDry) events.progress?.(source, done, total, rows)
    })
    const credentialMark = await this.#credentialMark()
    if (!isDry) events.started(source)
    let id = 0
    let failure: Failure = null
    try {
      if (!isDry) id = await ledger.startRun(start)
      failure = await this.#attempts(request, state, signal)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      failure = new SyncError('ledger', `The run could not be entered into the run log: ${message}`, { cause: error })
    }
    const run: SyncRun = { id, ...start, ...endOf(state, failure, now()) }
    if (id !== 0) await this.#endRun(run)
    if (run.result === 'ok' && state.deep && !isDry) this.#lastDeepAt.set(report, start.startedAt)
    if (range === undefined && failure !== 'interrupted') {
      this.#failures.ended(report, run.reason, credentialMark, now())
    }
    this.#log(run, failure)
    if (!isDry) events.finished(run)
    return run
  }

  /** All attempts of a run. Tells what the last one failed with; null when everything was read. */
  async #attempts(request: SyncRequest, state: RunState, outer: AbortSignal): Promise<Failure> {
    const { settings, logger, random = Math.random, sleep = sleepUntil, api } = this.#options
    const { limitMs = DEFAULT_LIMIT_MS, retries = DEFAULT_RETRIES } = settings
    const deadline = openDeadline(outer, limitMs)
    try {
      for (;;) {
        if (outer.aborted) return 'interrupted'
        state.attempts += 1
        const failure = await this.#attempt(request, state, deadline, outer)
        if (failure === null || failure === 'interrupted') return failure
        if (!isPassing(failure.reason) || state.attempts > retries) return failure
        const waitMs = retryWait(state.attempts, failure, random)
        if (waitMs >= deadline.remaining()) return failure
        const source = apiSource(api.organization, state.report)
        logger.info('Sync is tried again', { source, reason: failure.reason, error: textOf(failure), waitMs })
        await sleep(waitMs, deadline.signal)
        if (deadline.isOver()) return failure
      }
    } finally {
      deadline.close()
    }
  }

  async #attempt(
    { report, range, dryRun = false }: SyncRequest,
    state: RunState,
    deadline: Deadline,
    outer: AbortSignal,
  ): Promise<Failure> {
    const { api, ledger, reach, settings, now, events, logger } = this.#options
    const { usageWidth, costWidth, historyMs, limitMs = DEFAULT_LIMIT_MS } = settings
    const lastDeepAt = this.#lastDeepAt.get(report) ?? null
    const stored = () => events.changed(report)
    const parts = { api, ledger, reach, now, usageWidth, costWidth, historyMs, lastDeepAt, range, stored }
    try {
      await readReport({ ...parts, options: { dryRun } }, state, deadline.signal)
      return null
    } catch (error) {
      if (deadline.isOver()) return outOfTime(state, limitMs, error)
      if (outer.aborted) return 'interrupted'
      if (error instanceof SyncError) return error
      logger.error('Sync failed in a way it should not', { source: apiSource(api.organization, report), err: error })
      const message = error instanceof Error ? error.message : String(error)
      return new SyncError('invalid_response', `Unexpected failure: ${message}`, { cause: error })
    }
  }

  async #endRun({ id, source, cause: _cause, startedAt: _startedAt, ...end }: SyncRun): Promise<void> {
    try {
      await this.#options.ledger.endRun(id, end)
    } catch (err) {
      this.#options.logger.warn('The end of a sync could not be entered into the run log', { source, err })
    }
  }

  /** A credential that cannot be read is one of its own: the run itself says what is wrong with it. */
  async #credentialMark(): Promise<string> {
    try {
      return await this.#options.api.credentialMark()
    } catch (err) {
      this.#options.logger.debug('The credential cannot be read', { organization: this.#options.api.organization, err })
      return ''
    }
  }

  #log(run: SyncRun, failure: Failure): void {
    const { logger } = this.#options
    const { source, cause, result, reason, error, attempts, requests, changes } = run
    const facts = { source, cause, result, attempts, requests, ...changes }
    if (failure === null) logger.debug('Synced', facts)
    else if (failure === 'interrupted') logger.info('Sync interrupted', facts)
    else logger.warn('Sync failed', { ...facts, reason, error })
  }
}
