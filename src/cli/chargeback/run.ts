import { extname, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Config } from '../../config/config.ts'
import { enabledSources } from '../../config/enabled-sources.ts'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { organizationsOf } from '../../config/organizations.ts'
import { ownerSettingsOf } from '../../config/owners.ts'
import { escapeControls } from '../../lib/escape.ts'
import { chooseMonths } from '../../owners/months.ts'
import { readChargeback } from '../../owners/report.ts'
import { readFreshness } from '../../report/freshness.ts'
import type { Io, Output } from '../io.ts'
import { openForReport, type ReportLedger } from '../ledger/open-for-report.ts'
import { createNewFile } from '../output/new-file.ts'
import { STANDARD_OUTPUT } from '../output/standard-output.ts'
import { createStyle } from '../terminal/style.ts'
import type { ChargebackFormat, ChargebackOptions } from './command.ts'
import { chargebackCsv } from './csv.ts'
import { chargebackJson } from './json.ts'
import type { ChargebackReport } from './report.ts'
import { chargebackLines } from './table.ts'

/** Columns of a table that goes into a file. */
const FILE_COLUMNS = 120

/** Prints or writes the months asked for. */
export async function runChargeback(io: Io, command: Command): Promise<void> {
  const options = command.opts<ChargebackOptions>()
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const { config } = loaded
  const now = io.clock.now()
  // What cannot be understood is told before logs are read.
  const months = chooseMonths(options, now, config.timeZone)
  const { output = STANDARD_OUTPUT, force = false } = options
  const path = output === STANDARD_OUTPUT ? null : resolve(io.host.workingFolder, output)
  const file = path === null ? null : await createNewFile(path, { force })
  try {
    const opened = await openForReport(io, loaded, options.sync)
    try {
      const report = await readReport({ config, opened, options, months, now })
      const format = options.format ?? formatOf(path)
      if (file === null || path === null) {
        io.stdout.write(textOf(format, report, io.stdout))
        return
      }
      await file.write(textOf(format, report, fileOutput(io.stdout)))
      await file.complete()
      io.stdout.write(`Wrote ${escapeControls(path)}.\n`)
    } finally {
      await opened.close()
    }
  } catch (error) {
    await file?.discard()
    throw error
  }
}

interface Task {
  readonly config: Config
  readonly opened: ReportLedger
  readonly options: ChargebackOptions
  readonly months: ReturnType<typeof chooseMonths>
  readonly now: number
}

async function readReport({ config, opened, options, months, now }: Task): Promise<ChargebackReport> {
  const { origin, roots } = opened
  const { rules, share, count } = ownerSettingsOf(config)
  const by = options.by ?? null
  // The running exporter goes on writing: all of it shall be of one moment.
  const { ledger } = await opened.ledger.freeze()
  try {
    const organizations = organizationsOf(config).map(({ name }) => name)
    return {
      months: await readChargeback(ledger, { months, rules, share, by, organizations }),
      by,
      detail: options.detail ?? false,
      share,
      rules: count,
      context: { now, timeZone: config.timeZone, span: await ledger.span() },
      freshness: await readFreshness(ledger, enabledSources(config), { origin, roots, now }),
    }
  } finally {
    await ledger.close()
  }
}

function textOf(format: ChargebackFormat, report: ChargebackReport, out: Output): string {
  if (format === 'json') return chargebackJson(report)
  if (format === 'csv') return chargebackCsv(report)
  return `${chargebackLines(report, out).join('\n')}\n`
}

function formatOf(path: string | null): ChargebackFormat {
  const ending = path === null ? '' : extname(path).toLowerCase()
  if (ending === '.csv') return 'csv'
  return ending === '.json' ? 'json' : 'table'
}

function fileOutput(out: Output): Output {
  return { ...out, isTTY: false, width: FILE_COLUMNS, style: createStyle(false) }
}
