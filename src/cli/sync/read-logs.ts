import { App } from '../../app.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { refuseDemoLedger } from '../../demo/ledger-mark.ts'
import { LedgerError, type LedgerFailure } from '../../ledger/ledger.ts'
import { ledgerPlace } from '../../ledger-place.ts'
import { createLogger, type Logger } from '../../lib/logger.ts'
import type { Io } from '../io.ts'
import { ProgressBar } from '../terminal/progress.ts'

/** Failures a command does not wait for to pass. */
const LASTING: readonly LedgerFailure[] = ['full', 'read_only', 'corrupt', 'overflow', 'away', 'other']

const ALIVE_MS = 60_000

export interface ReadLogs {
  /** With its ledger open; to be stopped by the caller. */
  readonly app: App
  /** How long each source took. */
  readonly seconds: ReadonlyMap<string, number>
}

export interface ReadLogsOptions {
  /** Called with the ledger open and nothing read yet. */
  readonly before?: (app: App) => Promise<void>
  /** False: open the ledger and read nothing. */
  readonly logs?: boolean
  /** True: the run log tells of it. */
  readonly isCommand?: boolean
}

/** Brings the ledger up to date with the logs, without following them, and shows progress on a terminal. */
export async function readLogs(
  io: Io,
  loaded: LoadedConfig,
  { before, logs = true, isCommand = false }: ReadLogsOptions = {},
): Promise<ReadLogs> {
  refuseDemoLedger(loaded.config.storage.path)
  const seconds = new Map<string, number>()
  let fail: (error: unknown) => void = () => {}
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => {})
  let progress: ProgressBar | null = null
  // Waiting for a busy ledger keeps no handle open, and a process without one ends.
  const alive = setInterval(() => {}, ALIVE_MS)
  const ledger = await ledgerPlace(loaded.config, io.clock)
    .openWriter()
    .catch((error) => {
      clearInterval(alive)
      throw error
    })
  const app = new App({
    config: loaded.config,
    ledger,
    machine: io.host,
    clock: io.clock,
    logger: commandLogger(io, loaded, (line) => (progress ?? io.stderr).write(line)),
    health: {
      syncStarted: () => {},
      syncFinished: (source, duration) => seconds.set(source, duration),
      apiRequests: () => {},
      noticesSent: () => {},
      noticeFailed: () => {},
      syncFailed: (_, failure) => {
        const lasting = LASTING.find((name) => name === failure)
        if (lasting) fail(new LedgerError(lasting, `what was read from the logs cannot be stored (${lasting})`))
      },
    },
    loadCause: isCommand ? 'command' : null,
    onFatal: fail,
  })
  try {
    await app.restore()
    await before?.(app)
    if (!logs) return { app, seconds }
    if (io.stderr.isTTY) progress = new ProgressBar(io.stderr, 'Reading logs', () => app.progress())
    await Promise.race([app.load(), failed])
    return { app, seconds }
  } catch (error) {
    await app.stop()
    throw error
  } finally {
    progress?.end()
    clearInterval(alive)
  }
}

/** Commands that print figures of their own only warn, unless a level was asked for. */
function commandLogger(io: Io, { config, settings }: LoadedConfig, write: (line: string) => void): Logger {
  const isChosen = settings.some(({ path, where }) => path === 'log.level' && where !== null)
  const level = isChosen ? config.log.level : 'warn'
  return createLogger({ level, format: config.log.format, clock: io.clock, write })
}
