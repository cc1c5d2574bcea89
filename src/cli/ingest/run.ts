import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { pricingOf } from '../../configured-pricing.ts'
import { refuseDemoLedger } from '../../demo/ledger-mark.ts'
import { Ingester } from '../../ingester.ts'
import { openLedgerOf } from '../../ledger-place.ts'
import { VERSION } from '../../lib/version.ts'
import type { Io } from '../io.ts'
import { watchFatalErrors } from '../serve/fatal.ts'
import { logProgress } from '../serve/load-progress.ts'
import { createReloadableLogger } from '../serve/logger.ts'
import { awaitStopSignal } from '../serve/stop-signal.ts'
import { ProgressBar } from '../terminal/progress.ts'

/** Longest time from the first signal to the end; Kubernetes kills after 30 s. */
const STOP_LIMIT_MS = 10_000

/** Reads and follows the logs of this machine until it is asked to stop. Returns the exit code. */
export async function ingest(io: Io, command: Command): Promise<number> {
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const { config } = loaded
  const pricing = pricingOf(config)
  let bar: ProgressBar | null = null
  const logger = createReloadableLogger({
    ...config.log,
    clock: io.clock,
    write: (line) => (bar ?? io.stderr).write(line),
  })
  refuseDemoLedger(config.storage.path)
  const ledger = await openLedgerOf(config, io.clock)
  logger.info('starting to ingest', {
    version: VERSION,
    node: process.version,
    ledger: ledger.place,
    machine: ledger.machine,
    config: loaded.file ?? 'none',
  })
  if (config.remoteWrite.url !== '') {
    logger.warn(
      'remote_write is left to the instance that shows the ledger: every machine would send the figures of all',
    )
  }
  const signals = awaitStopSignal(io)
  const fatal = watchFatalErrors(io, logger, ledger.place)
  const ingester = new Ingester({
    config,
    ledger,
    pricing,
    machine: io.host,
    clock: io.clock,
    logger,
    onFatal: fatal.report,
  })
  const onHangup = () => logger.warn('a changed configuration is taken over by a restart only', { signal: 'SIGHUP' })
  // Windows sends it when the console is closed.
  if (io.host.platform !== 'win32') io.events.on('SIGHUP', onHangup)
  if (io.stderr.isTTY) bar = new ProgressBar(io.stderr, 'Reading logs', () => ingester.progress())
  const endLog = bar === null ? logProgress(logger, () => ingester.progress()) : () => {}
  const endProgress = () => {
    endLog()
    bar?.end()
    bar = null
  }
  const running = ingester.run().then(
    (isFollowing) => {
      endProgress()
      if (isFollowing) logger.info('all logs are read; following them')
    },
    (error) => {
      endProgress()
      fatal.report(error)
    },
  )
  try {
    const exitCode = await Promise.race([
      signals.first.then((signal) => {
        logger.info('stopping', { signal })
        return 0
      }),
      fatal.first.then(() => 1),
    ])
    const stopped = ingester.stop().then(() => running)
    const inTime = await Promise.race([stopped.then(() => true), delay(STOP_LIMIT_MS, false, { ref: false })])
    if (!inTime) {
      logger.warn('could not stop in time; what is open is cut off', { limitSeconds: STOP_LIMIT_MS / 1_000 })
      await io.flush()
      io.exit(exitCode)
    }
    logger.info('stopped')
    return exitCode
  } finally {
    endProgress()
    signals.dispose()
    fatal.dispose()
    io.events.off('SIGHUP', onHangup)
  }
}
