import type { Command } from 'commander'
import { enabledSources } from '../../config/enabled-sources.ts'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { readFreshness } from '../../report/freshness.ts'
import { jsonText } from '../../report/json.ts'
import { filtersOf, type ReportRequest } from '../../report/request.ts'
import type { Io, Output } from '../io.ts'
import { openForReport } from '../ledger/open-for-report.ts'
import type { CommandOptions } from './options.ts'

/** A report ready to be shown in either way. */
export interface MadeReport {
  lines(out: Output): Promise<readonly string[]>
  json(): unknown
}

/** Opens the ledger, brings it up to date unless told not to, and prints the report that `make` makes from it. */
export async function runReport(
  io: Io,
  command: Command,
  make: (request: ReportRequest) => Promise<MadeReport>,
): Promise<void> {
  const options = command.opts<CommandOptions>()
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const { config } = loaded
  const opened = await openForReport(io, loaded, options.sync)
  try {
    const { ledger, origin, roots } = opened
    const now = io.clock.now()
    const timeZone = options.tz ?? config.timeZone
    const request: ReportRequest = {
      ledger,
      options,
      where: filtersOf(command.opts()),
      context: { now, timeZone, span: await ledger.span() },
      freshness: await readFreshness(ledger, enabledSources(config), { origin, roots, now }),
    }
    const report = await make(request)
    if (options.json) io.stdout.write(jsonText(report.json()))
    else io.stdout.write(`${(await report.lines(io.stdout)).join('\n')}\n`)
  } finally {
    await opened.close()
  }
}
