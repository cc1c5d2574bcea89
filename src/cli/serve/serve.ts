import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { App, pricingOf } from '../../app.ts'
import { flagsFrom } from '../../config/flags.ts'
import { type LoadedConfig, loadConfig } from '../../config/load.ts'
import { LEDGER_FAILURES, LedgerError } from '../../ledger/ledger.ts'
import { sqliteLedgerPath } from '../../ledger/sqlite/path.ts'
import { VERSION } from '../../lib/version.ts'
import { Health } from '../../metrics/health.ts'
import type { Io } from '../io.ts'
import { ledgerErrorFix } from '../ledger/failure.ts'
import { moveLedgerAside } from '../ledger/move-aside.ts'
import { enabledSources } from '../report/freshness.ts'
import { ProgressBar } from '../terminal/progress.ts'
import { addressText, bannerLines } from './banner.ts'
import { logProgress } from './load-progress.ts'
import { createReloadableLogger, type ReloadableLogger } from './logger.ts'
import { createReloader, type ReloadResult } from './reload.ts'
import { awaitStopSignal } from './stop-signal.ts'
import { startWeb } from './web.ts'

/** How long requests that are being answered may take once the exporter is asked to stop. */
const REQUEST_GRACE_MS = 5_000
/** Longest time from the first signal to the end, well below the 30 s after which Kubernetes kills. */
const STOP_LIMIT_MS = 10_000

/** Runs the exporter until it is asked to stop. Returns the exit code. */
export async function serve(io: Io, command: Command): Promise<number> {
  const read = () => readConfig(io, command)
  const loaded = await read()
  const { config } = loaded
  let progress: ProgressBar | null = null
  const logger = createReloadableLogger({
    ...config.log,
    clock: io.clock,
    write: (line) => (progress ?? io.stderr).write(line),
  })
  if (command.optsWithGlobals()['newLedger'] === true) startOver(loaded, io, logger)

  const { promise: fatal, fail } = failure()
  const health = createHealth(loaded, io)
  const app = new App({ config, machine: io.host, clock: io.clock, logger, health, onFatal: fail })
}
