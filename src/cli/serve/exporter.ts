import { App, type AppOptions } from '../../app.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { remoteWriteOf } from '../../config/remote-write.ts'
import { LedgerError } from '../../ledger/ledger.ts'
import { openLedgerOf } from '../../ledger-place.ts'
import type { Logger } from '../../lib/logger.ts'
import { waited } from '../../lib/wait.ts'
import { machineIdentity } from '../../machine-identity.ts'
import type { Health } from '../../metrics/health.ts'
import { scrapedFamilies } from '../../metrics/scraped-families.ts'
import { createRemoteWriter } from '../../remote-write/writer.ts'
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
  /**
   * Waits for a ledger whose server was away, reads everything new, then follows the logs. Resolves with false when
   * `stop` came before that.
   */
  follow(): Promise<boolean>
  /** How much of what is there at the start has been read. */
  progress(): Amount
  /** Rejects for a configuration with anything wrong in it. */
  reload(): Promise<void>
  /** Ends in order; running requests may take `graceMs`. */
  stop(graceMs: number): Promise<void>
}

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 60_000

/**
 * Opens the ledger, restores its sums and listens. Throws OperatorError where one of them cannot be had; a ledger whose
 * server is away is waited for while what is known without it is served already.
 */
export async function startExporter(parts: ExporterParts): Promise<Exporter> {
  const { io, loaded, read, logger, health, onFatal, adminApi } = parts
  const { config } = loaded
  const { host: machine, clock } = io
  const ledger = await openLedgerOf(config, clock)
  const app = new App({ config, ledger, machine, clock, logger, health, loadCause: 'start', onFatal, adminApi })
  const api = lazyApi(config, app)
  const reports = createReportWriter({
    config,
    api,
    assets: async () => (await import('../../page/assets.ts')).loadPageAssets(),
    clock,
    logger,
    health,
  })
  const machineName = machineIdentity(config).name
  const remote = createRemoteWriter({
    destination: remoteWriteOf(config, machineName),
    families: () => scrapedFamilies(app.snapshot(), health),
    clock,
    logger,
    health,
  })
  let isReady = false
  const stopping = new AbortController()
  let web: Web | null = null
  const reload = createReloader(loaded, {
    read,
    apply: async (next) => {
      // The one that can fail comes first, so that a failure changes nothing.
      await app.configure(next.config)
      logger.reload(next.config.log)
      web?.configure(next.config)
      await reports.configure(next.config)
      await remote.configure(remoteWriteOf(next.config, machineName))
    },
    done: (result) => {
      health.reloaded(result.ok, io.clock.now())
      logReload(result, logger)
    },
  })
  let isRestored: boolean
  try {
    isRestored = await app.tryRestore()
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
  isReady = isRestored
  const { addresses, scheme, isProtected, close } = web
  return {
    addresses,
    scheme,
    isProtected,
    progress: () => app.progress(),
    reload,
    async follow() {
      // As a scrape would: what is known without the ledger is sent already.
      remote.start()
      for (let pause = FIRST_RETRY_MS; !isRestored; pause = Math.min(2 * pause, LAST_RETRY_MS)) {
        if (!(await waited(pause, stopping.signal))) return false
        isRestored = await app.tryRestore()
      }
      if (stopping.signal.aborted) return false
      isReady = true
      await app.startSchedule()
      await app.load()
      if (stopping.signal.aborted) return false
      await app.follow()
      await reports.start()
      return true
    },
    async stop(graceMs) {
      isReady = false
      stopping.abort()
      await close(graceMs)
      await reports.stop()
      await remote.stop()
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
