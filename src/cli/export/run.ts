import type { Command } from 'commander'
import { enabledSources } from '../../config/enabled-sources.ts'
import { flagsFrom } from '../../config/flags.ts'
import { type LoadedConfig, loadConfig } from '../../config/load.ts'
import { pricingOf } from '../../configured-pricing.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { escapeControls } from '../../lib/escape.ts'
import { VERSION } from '../../lib/version.ts'
import { PRICE_TABLE } from '../../pricing/prices.ts'
import { readFreshness } from '../../report/freshness.ts'
import { describePeriod } from '../../report/period.ts'
import type { Io } from '../io.ts'
import { openForReport, type ReportLedger } from '../ledger/open-for-report.ts'
import { awaitStopSignal, type StopSignal } from '../serve/stop-signal.ts'
import { formatBytes, formatCount } from '../terminal/figures.ts'
import { type ChosenTable, chooseTable } from './choose-table.ts'
import type { ExportOptions } from './command.ts'
import { documentParts } from './document.ts'
import type { ExportHead } from './head.ts'
import { type ExportOutput, openOutput } from './output.ts'

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** Writes the table that the command line asks for. Returns the exit code. */
export async function runExport(io: Io, command: Command): Promise<number> {
  const options = command.opts<ExportOptions>()
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const output = await openOutput(io, options)
  try {
    const opened = await openForReport(io, loaded, options.sync)
    try {
      // The running exporter goes on writing: all parts shall be of one moment.
      const { ledger } = await opened.ledger.freeze()
      try {
        return await writeTable(io, { options, loaded, opened, ledger, output })
      } finally {
        await ledger.close()
      }
    } finally {
      await opened.close()
    }
  } catch (error) {
    await output.text.discard()
    throw error
  }
}

interface Task {
  readonly options: ExportOptions
  readonly loaded: LoadedConfig
  readonly opened: ReportLedger
  readonly ledger: Ledger
  readonly output: ExportOutput
}

async function writeTable(io: Io, { options, loaded, opened, ledger, output }: Task): Promise<number> {
  const now = io.clock.now()
  const chosen = await chooseTable(ledger, options, { now, timeZone: loaded.config.timeZone })
  const head = await headOf(chosen, { options, loaded, opened, ledger, now })
  let rows = 0
  const stopped = await untilStopped(io, async (mayGoOn) => {
    for await (const part of documentParts(output.format, head, chosen.table, { remarks: options.header })) {
      if (!mayGoOn()) return
      rows += part.rows
      await output.text.write(part.text)
    }
    await output.text.complete()
  })
  if (stopped !== null) {
    await output.text.discard()
    io.stderr.write('Stopped: the export is not complete.\n')
    return EXIT_CODES[stopped]
  }
  if (output.path === null) return 0
  const { period, timeZone } = chosen
  const size = `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}, ${formatBytes(output.text.bytes)}`
  const when = describePeriod(period, { now, timeZone, span: null })
  io.stdout.write(`Wrote ${escapeControls(output.path)}: ${size}; ${when}.\n`)
  return 0
}

/** Gives the signal that ended the work, if one did. */
async function untilStopped(io: Io, work: (mayGoOn: () => boolean) => Promise<void>): Promise<StopSignal | null> {
  const signals = awaitStopSignal(io)
  let stopped: StopSignal | null = null
  void signals.first.then((signal) => {
    stopped = signal
  })
  try {
    await work(() => stopped === null)
    return stopped
  } finally {
    signals.dispose()
  }
}

async function headOf(
  { period, timeZone, by, filters }: ChosenTable,
  {
    options,
    loaded: { config },
    opened: { origin, roots },
    ledger,
    now,
  }: Omit<Task, 'output'> & { readonly now: number },
): Promise<ExportHead> {
  return {
    type: options.type,
    version: VERSION,
    now,
    timeZone,
    period,
    by,
    filters,
    prices: { tableDate: PRICE_TABLE.asOf, version: pricingOf(config).version },
    freshness: await readFreshness(ledger, enabledSources(config), { origin, roots, now }),
  }
}
