import { App, type AppOptions } from '../../app.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { LedgerError } from '../../ledger/ledger.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Health } from '../../metrics/health.ts'
import { createReportWriter } from '../../report-writer.ts'
import type { Io } from '../io.ts'
import type { Amount } from '../terminal/progress.ts'
import { lazyApi } from './api.ts'
import type { ReloadableLogger } from './logger.ts'
import { webConfigReader } from './read-web-config.ts'
import { createReloader, type ReloadResult } from './reload.ts'
import { startWeb, type Web } from './web.ts'

export interface ExporterParts {
  readonly io: Pick<Io, 'clock' | 'host'>
  readonly loaded: LoadedConfig
  /** Reads and checks the configuration again. */
  readonly read: () => Promise<LoadedConfig>
  readonly logger: ReloadableLogger
  readonly health: Health
  readonly onFatal: (error: unknown) => void
  readonly adminApi?: AppOptions['adminApi']
}

/** The exporter at work: it serves what the ledger holds from the moment it is there. */
export interface Exporter extends Pick<Web, 'addresses' | 'scheme' | 'isProtected'> {
  /** Reads everything new, then follows the logs. Resolves with false when `stop` came before that. */
  follow(): Promise<boolean>
  /** How much of what is there at the start has been read. */
  progress(): Amount
  /** Rejects for a configuration with anything wrong in it. */
  reload(): Promise<void>
  /** Ends in order; running requests may take `graceMs`. */
  stop(graceMs: number): Promise<void>
}

/** Opens the ledger, restores its sums and listens. Throws OperatorError where one of them cannot be had. */
export async function startExporter(parts: ExporterParts): Promise<Exporter> {
  const { io, loaded, read, logger, health, onFatal, adminApi } = parts
  const { config } = loaded
  const { host: machine, clock } = io
  const app = new App({ config, machine, clock, logger, health, loadCause: 'start', onFatal, adminApi })
  const api = lazyApi(config, app)
  const reports = createReportWriter({
    config,
    api,
    assets: async () => (await import('../../page/assets.ts')).loadPageAssets(),
    clock,
    logger,
    health,
  })
  let isReady = false
  let isStopping = false
  let web: Web | null = null
  const reload = createReloader(loaded, {
    read,
    apply: async (next) => {
      // The one that can fail comes first, so that a failure changes nothing.
      await app.configure(next.config)
      logger.reload(next.config.log)
      web?.configure(next.config)
      await reports.configure(next.config)
    },
    done: (result) => {
      health.reloaded(result.ok, io.clock.now())
      logReload(result, logger)
    },
  })
  try {
    await app.restore()
    web = await startWeb(config, {
      app,
      api,
      health,
      isReady: () => isReady,
      reload,
      onError: (error) => logger.error('a request could not be answered', { err: error }),
      readWebConfig: await webConfigReader(loaded, machine),
      logger,
    })
  } catch (error) {
    await app.stop()
    throw error
  }
  isReady = true
  const { addresses, scheme, isProtected, close } = web
  return {
    addresses,
    scheme,
    isProtected,
    progress: () => app.progress(),
    reload,
    async follow() {
      await app.startSchedule()
      await app.load()
      if (isStopping) return false
      await app.follow()
      await reports.start()
      return true
    },
    async stop(graceMs) {
      isReady = false
      isStopping = true
      await close(graceMs)
      await reports.stop()
      await app.stop()
    },
  }
}

function logReload(result: ReloadResult, logger: Logger): void {
  if (!result.ok) {
    const what = result.error instanceof LedgerError ? 'cannot be taken over' : 'is not valid'
    logger.error(`the configuration ${what}; the one before stays in force`, { err: result.error })
    return
  }
  logger.info('configuration reloaded', { changed: result.changed })
  if (result.needRestart.length > 0) {
    logger.warn('some changed settings need a restart; the old values stay in force until then', {
      settings: result.needRestart,
    })
  }
}
