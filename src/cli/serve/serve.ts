import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import type { AppOptions } from '../../app.ts'
import { enabledSources } from '../../config/enabled-sources.ts'
import { type Flags, flagsFrom } from '../../config/flags.ts'
import { isLoopback } from '../../config/listen-address.ts'
import { type LoadedConfig, loadConfig } from '../../config/load.ts'
import { organizationsOf } from '../../config/organizations.ts'
import { pricingOf } from '../../configured-pricing.ts'
import { OperatorError } from '../../core/errors.ts'
import { refuseDemoLedger } from '../../demo/ledger-mark.ts'
import { LEDGER_FAILURES } from '../../ledger/ledger.ts'
import { type LedgerPlace, ledgerPlace } from '../../ledger-place.ts'
import type { Logger } from '../../lib/logger.ts'
import { REVISION, VERSION } from '../../lib/version.ts'
import { Health } from '../../metrics/health.ts'
import { SEND_FAILURES } from '../../notify/webhook-error.ts'
import { apiSources } from '../../organizations.ts'
import { REMOTE_WRITE_DROPS, REMOTE_WRITE_FAILURES } from '../../remote-write/reasons.ts'
import type { Io } from '../io.ts'
import { moveLedgerAside } from '../ledger/move-aside.ts'
import { ProgressBar } from '../terminal/progress.ts'
import { addressText, bannerLines } from './banner.ts'
import { type Exporter, startExporter } from './exporter.ts'
import { watchFatalErrors } from './fatal.ts'
import { logProgress } from './load-progress.ts'
import { createReloadableLogger } from './logger.ts'
import { webConfigReader } from './read-web-config.ts'
import { awaitStopSignal } from './stop-signal.ts'

/** How long requests that are being answered may take once the exporter is asked to stop. */
const REQUEST_GRACE_MS = 5_000
/** Longest time from the first signal to the end; Kubernetes kills after 30 s. */
const STOP_LIMIT_MS = 10_000

/** Runs the exporter until it is asked to stop. Returns the exit code. */
export async function serve(io: Io, command: Command): Promise<number> {
  const startsOver = command.optsWithGlobals()['newLedger'] === true
  return runExporter(io, flagsFrom(command), { startsOver })
}

export interface RunOptions {
  /** Whether to begin a new ledger, with the old one moved aside. */
  readonly startsOver?: boolean
  /** Set where what is read is made up. */
  readonly demo?: { readonly adminApi: AppOptions['adminApi'] }
}

/** Runs an exporter with these flags until it is asked to stop. Returns the exit code. */
export async function runExporter(io: Io, flags: Flags, options: RunOptions): Promise<number> {
  const read = () => readConfig(io, flags)
  const loaded = await read()
  const { config } = loaded
  const place = ledgerPlace(config, io.clock)
  const terminal: { bar: ProgressBar | null } = { bar: null }
  const write = (line: string) => (terminal.bar ?? io.stderr).write(line)
  const logger = createReloadableLogger({ ...config.log, clock: io.clock, write })
  logger.info('starting', {
    version: VERSION,
    node: process.version,
    ledger: place.text,
    config: loaded.file ?? 'none',
  })
  if (options.demo === undefined) refuseDemoLedger(config.storage.path)
  if (options.startsOver === true) startOver(place, io, logger)

  const signals = awaitStopSignal(io)
  const fatal = watchFatalErrors(io, logger, place.text)
  let onHangup = () => {}
  try {
    const health = createHealth(loaded, io)
    const exporter = await startExporter({
      io,
      loaded,
      read,
      logger,
      health,
      onFatal: fatal.report,
      adminApi: options.demo?.adminApi,
    })
    // The log has told of a configuration that is not valid.
    onHangup = () => void exporter.reload().catch(() => {})
    // Windows sends it when the console is closed.
    if (io.host.platform !== 'win32') io.events.on('SIGHUP', onHangup)
    announce(exporter, loaded, io, logger, options.demo === undefined ? null : loaded.file)

    let isStopping = false
    work(exporter, io, logger, terminal).catch((error) => {
      if (!isStopping) fatal.report(error)
    })
    const exitCode = await Promise.race([
      signals.first.then((signal) => {
        logger.info('stopping', { signal })
        return 0
      }),
      fatal.first.then(() => 1),
    ])
    isStopping = true
    if (!(await stopInTime(exporter))) {
      logger.warn('could not stop in time; what is open is cut off', { limitSeconds: STOP_LIMIT_MS / 1_000 })
      await io.flush()
      io.exit(exitCode)
    }
    logger.info('stopped')
    return exitCode
  } finally {
    terminal.bar?.end()
    signals.dispose()
    fatal.dispose()
    io.events.off('SIGHUP', onHangup)
  }
}

async function readConfig(io: Io, flags: Flags): Promise<LoadedConfig> {
  const loaded = await loadConfig({ ...io.host, flags })
  // Prices can contradict each other in ways that only show when they are put together.
  pricingOf(loaded.config)
  // Told of before anything is opened, and refused when the configuration is loaded again.
  const readWebConfig = await webConfigReader(loaded, io.host)
  readWebConfig?.()
  return loaded
}

function startOver({ file: path, text }: LedgerPlace, io: Io, logger: Logger): void {
  if (path === null) {
    throw new OperatorError('--new-ledger is for a ledger that is a file', {
      seen: text,
      fix: 'Name another storage.schema to begin a new ledger in the same database.',
    })
  }
  const moved = moveLedgerAside(path, io.clock.now())
  if (moved === null) logger.info('there was no ledger to move aside', { ledger: path })
  else logger.warn('the old ledger was moved aside; beginning a new one', { ledger: path, kept: moved })
}

function createHealth({ config }: LoadedConfig, io: Io): Health {
  return new Health({
    build: { version: VERSION, revision: REVISION, branch: 'unknown' },
    sources: enabledSources(config),
    apiSources: apiSources(config),
    organizations: organizationsOf(config).map(({ name }) => name),
    failureReasons: LEDGER_FAILURES,
    noticeFailureReasons: SEND_FAILURES,
    remoteWrite: { failureReasons: REMOTE_WRITE_FAILURES, dropReasons: REMOTE_WRITE_DROPS },
    processMetrics: !config.web.disableExporterMetrics,
    startedAt: io.clock.now(),
  })
}

function announce(exporter: Exporter, { config }: LoadedConfig, io: Io, logger: Logger, demoFile: string | null): void {
  for (const address of exporter.addresses) {
    const name = addressText(address)
    logger.info('listening', { address: name, metrics: config.web.telemetryPath, tls: exporter.scheme === 'https' })
    if (!isLoopback(address) && !exporter.isProtected) {
      logger.warn('other machines can read what is served', { address: name })
    }
  }
  if (io.stdout.isTTY)
    io.stdout.write(
      `${bannerLines(config, { ...exporter, ledger: ledgerPlace(config, io.clock).text }, io.stdout.style, demoFile).join('\n')}\n`,
    )
}

/** Loads what is there, showing how far it is, and begins to follow the logs. */
async function work(exporter: Exporter, io: Io, logger: Logger, terminal: { bar: ProgressBar | null }): Promise<void> {
  const start = performance.now()
  const bar = io.stderr.isTTY ? new ProgressBar(io.stderr, 'Reading logs', exporter.progress) : null
  terminal.bar = bar
  const endLog = bar === null ? logProgress(logger, exporter.progress) : () => {}
  let isFollowing = false
  try {
    isFollowing = await exporter.follow()
  } finally {
    bar?.end()
    terminal.bar = null
    endLog()
  }
  if (!isFollowing) return
  logger.info('all logs are read; following them', {
    seconds: Number(((performance.now() - start) / 1_000).toFixed(3)),
  })
}

/** False when it takes too long. */
async function stopInTime(exporter: Exporter): Promise<boolean> {
  const timer = new AbortController()
  const late = delay(STOP_LIMIT_MS, false, { signal: timer.signal }).catch(() => false)
  const stopped = exporter.stop(REQUEST_GRACE_MS).then(() => true)
  try {
    return await Promise.race([stopped, late])
  } finally {
    timer.abort()
  }
}
