import { LedgerError } from '../../ledger/ledger.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Io } from '../io.ts'
import { ledgerErrorFix } from '../ledger/failure.ts'

export interface FatalErrors {
  /** Resolves when the exporter cannot go on and should be stopped in order. */
  readonly first: Promise<void>
  /** Logs what makes it impossible to go on. */
  report(error: unknown): void
  dispose(): void
}

/** Watches over what cannot be put right while running. After a bug nothing can be trusted: it ends the process. */
export function watchFatalErrors({ events, exit, flush }: Io, logger: Logger, ledgerPath: string): FatalErrors {
  let resolve = () => {}
  const first = new Promise<void>((settle) => {
    resolve = settle
  })
  const onBug = (error: unknown) => {
    logger.error('bug: an error nobody expected; stopping', { err: error })
    void flush().finally(() => exit(1))
  }
  events.on('uncaughtException', onBug)
  events.on('unhandledRejection', onBug)
  return {
    first,
    report(error) {
      const fix = error instanceof LedgerError ? ledgerErrorFix(error.failure) : undefined
      logger.error('cannot go on; stopping', { err: error, ledger: ledgerPath, ...(fix !== undefined && { fix }) })
      resolve()
    },
    dispose() {
      events.off('uncaughtException', onBug)
      events.off('unhandledRejection', onBug)
    },
  }
}
