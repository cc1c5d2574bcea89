import type { Worker } from 'node:worker_threads'
import type { Comparison } from './bcrypt-thread.mjs'

/** Compares passwords with bcrypt hashes, one at a time, beside the event loop. */
export interface Comparer {
  /** Rejects when the thread is lost. */
  matches(comparison: Comparison): Promise<boolean>
  /** Ends the thread; what is under way is rejected. */
  close(): Promise<void>
}

interface Waiting extends Comparison {
  readonly resolve: (matches: boolean) => void
  readonly reject: (error: unknown) => void
}

/** Its thread starts with the first comparison, and again with the next one after it was lost. */
export function createComparer(): Comparer {
  /** The first one is being compared. */
  const queue: Waiting[] = []
  let worker: Worker | null = null
  let isStarting = false

  const lose = (error: unknown) => {
    worker = null
    for (const { reject } of queue.splice(0)) reject(error)
  }
  const sendNext = () => {
    const [next] = queue
    if (next !== undefined) worker?.postMessage({ password: next.password, hash: next.hash } satisfies Comparison)
  }
  const start = async () => {
    isStarting = true
    try {
      const { startBcryptThread } = await import('./bcrypt-thread.mjs')
      const started = startBcryptThread()
      started.on('message', (matches: boolean) => {
        queue.shift()?.resolve(matches)
        sendNext()
      })
      started.on('error', lose)
      started.on('exit', () => {
        if (worker === started) lose(new Error('the thread that compares passwords has ended'))
      })
      worker = started
      sendNext()
    } catch (error) {
      lose(error)
    } finally {
      isStarting = false
    }
  }

  return {
    matches: (comparison) =>
      new Promise((resolve, reject) => {
        queue.push({ ...comparison, resolve, reject })
        if (worker === null && !isStarting) void start()
        else if (queue.length === 1) sendNext()
      }),
    async close() {
      const closing = worker
      lose(new Error('closing'))
      await closing?.terminate()
    },
  }
}
