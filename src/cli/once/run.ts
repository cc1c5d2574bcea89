import type { Command } from 'commander'
import type { App } from '../../app.ts'
import { flagsFrom } from '../../config/flags.ts'
import { type LoadedConfig, loadConfig } from '../../config/load.ts'
import { type ReportSettings, reportsOf } from '../../config/reports.ts'
import { OperatorError } from '../../core/errors.ts'
import { putDocument } from '../../documents/files/write-document.ts'
import { renderDocument } from '../../documents/render.ts'
import { LedgerError } from '../../ledger/ledger.ts'
import { ledgerPlace } from '../../ledger-place.ts'
import type { Overview } from '../../overview/overview.ts'
import { loadPageAssets } from '../../page/assets.ts'
import { nextWriting } from '../document/next-writing.ts'
import type { Io } from '../io.ts'
import { openOverview } from '../ledger/open-overview.ts'
import { formatBytes } from '../terminal/figures.ts'
import type { OnceOptions } from './command.ts'
import { readSources } from './read-sources.ts'
import { doStep, failedStep, StepLog } from './steps.ts'

/** Reads everything and writes all configured reports. Returns the exit code. */
export async function runOnce(io: Io, command: Command): Promise<number> {
  const { json = false } = command.opts<OnceOptions>()
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const { text: ledger } = ledgerPlace(loaded.config, io.clock)
  const log = new StepLog(io, json)
  const { exporterRunning, overview } = await readEverything(io, loaded, log)
  if (overview !== null) await writeReports(reportsOf(loaded.config), { overview, exporterRunning }, log)
  return log.end({ ledger, exporterRunning })
}

interface ReadEverything {
  readonly exporterRunning: boolean
  /** Null where it is not wanted or cannot be had. */
  readonly overview: Overview | null
}

async function readEverything(io: Io, loaded: LoadedConfig, log: StepLog): Promise<ReadEverything> {
  const place = ledgerPlace(loaded.config, io.clock)
  if (!(await place.isInUse())) {
    try {
      const overview = await readSources(io, loaded, log, (app) => overviewOf(app, loaded, log))
      return { exporterRunning: false, overview }
    } catch (error) {
      // An exporter may have started since.
      if (error instanceof OperatorError && !(await place.isInUse())) throw error
      if (error instanceof LedgerError) {
        log.add(failedStep('read logs', place.text, error))
        return { exporterRunning: false, overview: await overviewBeside(io, loaded, log, false) }
      }
      if (!(error instanceof OperatorError)) throw error
    }
  }
  log.note('An exporter is running and reads logs and organisations itself: figures are those of its ledger.')
  return { exporterRunning: true, overview: await overviewBeside(io, loaded, log, true) }
}

async function overviewOf(app: App, { config }: LoadedConfig, log: StepLog): Promise<Overview | null> {
  if (noReports(config, log)) return null
  const [{ lazyApi }, { readOverview }] = await Promise.all([
    import('../serve/api.ts'),
    import('../../overview/read.ts'),
  ])
  return figuresStep(log, async () => readOverview((await lazyApi(config, app)()).context()))
}

async function overviewBeside(io: Io, loaded: LoadedConfig, log: StepLog, sync: boolean): Promise<Overview | null> {
  if (noReports(loaded.config, log)) return null
  return figuresStep(log, async () => {
    const opened = await openOverview(io, loaded, sync)
    try {
      return await opened.read()
    } finally {
      await opened.close()
    }
  })
}

function figuresStep(log: StepLog, read: () => Promise<Overview>): Promise<Overview | null> {
  return doStep(
    log,
    { step: 'gather figures', about: 'ledger' },
    read,
    ({ at, timeZone, budgets, alerts, advice }) => ({
      text: `${budgets.budgets.length} budgets (worst: ${budgets.worstState}), ${alerts.rows.length} alerts, ${advice.rows.length} pieces of advice`,
      figures: {
        at: new Date(at).toISOString(),
        timeZone,
        budgets: budgets.budgets.length,
        worstState: budgets.worstState,
        alerts: alerts.rows.length,
        advice: advice.rows.length,
      },
    }),
  )
}

function noReports(config: LoadedConfig['config'], log: StepLog): boolean {
  if (config.reports.length > 0) return false
  log.note('No report is configured: name format and output of some under `reports` in the configuration file.')
  return true
}

async function writeReports(
  reports: readonly ReportSettings[],
  { overview, exporterRunning }: { readonly overview: Overview; readonly exporterRunning: boolean },
  log: StepLog,
): Promise<void> {
  for (const report of reports) {
    const { format, output } = report
    await doStep(
      log,
      { step: `write ${format}`, about: output },
      async () => {
        const nextAt = exporterRunning ? await nextWriting(report) : null
        return putDocument(format, output, renderDocument(format, overview, { assets: await loadPageAssets(), nextAt }))
      },
      ({ bytes, isChanged }) => ({
        text: `${formatBytes(bytes)}${isChanged ? '' : ', no change'}`,
        figures: { format, bytes, changed: isChanged },
      }),
    )
  }
}
