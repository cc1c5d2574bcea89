import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { waited } from '../lib/wait.ts'
import { type Backoff, waitMs } from './backoff.ts'
import type { Client } from './client.ts'
import { RemoteWriteError } from './client-error.ts'
import { type Destination, hostOf } from './destination.ts'
import type { RemoteWriteHealth } from './health.ts'
import type { QueuedRequest, RequestQueue } from './queue.ts'
import type { RemoteWriteFailure } from './reasons.ts'
import { type Verdict, verdictOf } from './verdict.ts'

/** Between attempts once there is little time left. */
const FINAL_WAIT_MS = 500

export interface SenderParts {
  readonly queue: RequestQueue
  readonly client: Client
  /** As configured now. */
  readonly destination: () => Destination
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly health: RemoteWriteHealth
  readonly backoff: Backoff
  /** 0 to 1, by chance. */
  readonly chance: () => number
}

export interface Sender {
  /** Something was put into the queue. */
  wake(): void
  /** Does not wait any longer to try again: something has changed. */
  retryNow(): void
  /** Sends what waits, but for no longer than until the signal. Then there is no more sending. */
  finish(limit: AbortSignal): Promise<void>
}

type Attempt = Verdict & { readonly status?: number; readonly line?: string }

/** Sends what is in the queue, in its order and one request at a time, each until it is taken or of no use any more. */
export function createSender(parts: SenderParts): Sender {
  const { queue, client, destination, clock, logger, health, backoff, chance } = parts
  const stop = new AbortController()
  let hurry = new AbortController()
  let wake = () => {}
  let isFinishing = false
  /** Since when nothing got through, epoch milliseconds; null while all is well. */
  let failingSince: number | null = null
  const running = run()

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const request = queue.take(clock.now())
      if (request !== null) {
        await deliver(request)
        queue.done()
        health.remoteWritePending(queue.bytes)
      } else if (isFinishing) {
        return
      } else {
        await woken()
      }
    }
  }

  function woken(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve
    })
  }

  async function deliver(request: QueuedRequest): Promise<void> {
    for (let failures = 1; ; failures++) {
      if (clock.now() - request.at > destination().maxAgeMs) {
        health.remoteWriteDropped('age', request.samples)
        return
      }
      const attempt = await tryOnce(request)
      if (attempt.kind === 'accepted') {
        succeeded(request)
        return
      }
      if (stop.signal.aborted) {
        health.remoteWriteDropped('stopped', request.samples)
        return
      }
      if (attempt.kind === 'drop') {
        refused(request, attempt)
        return
      }
      failed(attempt.reason, attempt)
      const wait = waitMs(failures, attempt.retryAfterMs, chance(), backoff)
      await waited(isFinishing ? Math.min(wait, FINAL_WAIT_MS) : wait, hurry.signal)
    }
  }

  async function tryOnce({ body }: QueuedRequest): Promise<Attempt> {
    try {
      const answer = await client.post(body, destination(), stop.signal)
      return { ...verdictOf(answer, clock.now()), status: answer.status, line: answer.line }
    } catch (error) {
      const isKnown = error instanceof RemoteWriteError
      const reason: RemoteWriteFailure = isKnown ? error.reason : 'internal'
      return { kind: 'retry', reason, retryAfterMs: null, line: isKnown ? error.message : 'unexpected failure' }
    }
  }

  function succeeded({ samples, at }: QueuedRequest): void {
    const now = clock.now()
    health.remoteWriteSent({ samples, newest: at, now })
    if (failingSince === null) return
    logger.info('remote write works again', {
      host: hostOf(destination()),
      seconds: Math.round((now - failingSince) / 1_000),
      pendingBytes: queue.bytes,
    })
    failingSince = null
  }

  function failed(reason: RemoteWriteFailure, { status, line }: Attempt): void {
    failingSince ??= clock.now()
    health.remoteWriteFailed(reason)
    logger.warn('remote write failed; it is tried again', {
      host: hostOf(destination()),
      reason,
      ...(status !== undefined && { status }),
      answer: line,
      pendingBytes: queue.bytes,
    })
  }

  function refused({ samples }: QueuedRequest, { reason, status, line }: Attempt & { readonly kind: 'drop' }): void {
    health.remoteWriteFailed('refused')
    health.remoteWriteDropped(reason, samples)
    logger.warn('remote write was refused; these samples are dropped', {
      host: hostOf(destination()),
      status,
      answer: line,
      samples,
    })
  }

  function retryNow(): void {
    hurry.abort()
    if (!isFinishing) hurry = new AbortController()
  }

  return {
    wake: () => wake(),
    retryNow,
    async finish(limit) {
      isFinishing = true
      limit.addEventListener('abort', () => stop.abort(), { once: true })
      if (limit.aborted) stop.abort()
      retryNow()
      // From now on only the end cuts a wait short.
      hurry = stop
      wake()
      await running
      const left = queue.clear()
      if (left > 0) health.remoteWriteDropped('stopped', left)
      health.remoteWritePending(queue.bytes)
    },
  }
}
