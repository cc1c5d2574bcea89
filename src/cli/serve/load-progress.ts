import type { Logger } from '../../lib/logger.ts'
import type { Amount } from '../terminal/progress.ts'

const LOG_EVERY_MS = 10_000

/** Says in the log how far the first load is, now and then. Returns the function that ends it. */
export function logProgress(logger: Logger, progress: () => Amount): () => void {
  const timer = setInterval(() => {
    const { done, total } = progress()
    logger.info('loading history', {
      doneBytes: done,
      totalBytes: total,
      percent: total === 0 ? 0 : Math.floor((100 * done) / total),
    })
  }, LOG_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
