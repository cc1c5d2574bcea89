import { Command, Option } from 'commander'
import { addConfigOptions } from '../config/flags.ts'
import { closest } from '../lib/suggest.ts'
import { VERSION } from '../lib/version.ts'
import { addBackfill } from './backfill/command.ts'
import { addBudgets } from './budgets/command.ts'
import { addChargeback } from './chargeback/command.ts'
import { addCheckConfig } from './check-config/command.ts'
import { addCompletion } from './completion/command.ts'
import { addDemo } from './demo/command.ts'
import { addDoctor } from './doctor/command.ts'
import { addDocument } from './document/command.ts'
import { addExport } from './export/command.ts'
import { helpBelow, helpStyle } from './help.ts'
import { addIngest } from './ingest/command.ts'
import type { Io } from './io.ts'
import { addLedger } from './ledger/command.ts'
import { addNotify } from './notify/command.ts'
import { addOnce } from './once/command.ts'
import { addPrices } from './prices/command.ts'
import { addPrivacy } from './privacy/command.ts'
import { addReconcile } from './reconcile/command.ts'
import { addReports } from './report/commands.ts'
import { addRuns } from './runs/command.ts'
import { addScheduler } from './scheduler/command.ts'
import { addStatusline } from './statusline/command.ts'
import { addSync } from './sync/command.ts'
import { writeError } from './terminal/message.ts'
import { addTop } from './top/command.ts'
import { addWindows } from './windows/command.ts'

const REPORTS = 'Reports:'
const UPKEEP = 'Upkeep:'

/**
 * Every command with its options. What a command does is loaded when it runs, so that no command pays for another.
 *
 * @param finish takes the exit code of a command that decides on one itself
 */
export function createProgram(io: Io, finish: (exitCode: number) => void): Command {
  const program = new Command('claude-usage-exporter')
  program
    .description(DESCRIPTION)
    .usage('[command] [options]')
    .version(
      `claude-usage-exporter ${VERSION} (node ${process.version}, ${process.platform} ${process.arch})`,
      '-V, --version',
      'Print the version.',
    )
    .helpOption('-h, --help', 'Print this help.')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('See --help for all commands and options.')
    .exitOverride()
    .configureHelp(helpStyle(io.stdout.style))
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => helpWidth(io.stdout.width),
      getErrHelpWidth: () => helpWidth(io.stderr.width),
      // What is styled is styled for the output in question already.
      getOutHasColors: () => true,
      getErrHasColors: () => true,
      outputError: (text) => writeError(io.stderr, text.trimEnd().replace(/^error: /, '')),
    })
    .addHelpText('after', helpBelow(EXAMPLES))
    .addOption(new Option('--new-ledger', NEW_LEDGER).helpGroup('Starting over:'))
    // Anything that is no command ends up here, because running the exporter needs none.
    .argument('[command]')
    .action(async (name: string | undefined, _options, command: Command) => {
      if (name !== undefined) refuseUnknown(command, name)
      await serve(io, command, finish)
    })
  addConfigOptions(program)

  program
    .command('serve')
    .summary('run the exporter (also without any command)')
    .description('Runs the exporter: reads all logs, follows them as they grow and serves the metrics.')
    .addHelpText(
      'after',
      helpBelow(`
Examples:
  claude-usage-exporter serve
  claude-usage-exporter serve --web.listen-address 127.0.0.1:9999 --log.level debug`),
    )
    .action(async (_options, command: Command) => serve(io, command, finish))
  addIngest(program, io, finish)
  addDemo(program, io, finish)
  addReports(program, io, REPORTS)
  addBudgets(program, io, REPORTS, finish)
  addReconcile(program, io, REPORTS)
  addChargeback(program, io, REPORTS)
  addTop(program, io, REPORTS, finish)
  addPrices(program, io, REPORTS)
  addExport(program, io, REPORTS, finish)
  addDocument(program, io, REPORTS, finish)
  addWindows(program, io, REPORTS)
  addStatusline(program, io, REPORTS)
  addRuns(program, io, UPKEEP)
  addSync(program, io, UPKEEP, finish)
  addOnce(program, io, UPKEEP, finish)
  addScheduler(program, io, UPKEEP)
  addBackfill(program, io, UPKEEP, finish)
  addNotify(program, io, UPKEEP, finish)
  addCheckConfig(program, io, UPKEEP)
  addDoctor(program, io, UPKEEP, finish)
  addPrivacy(program, io, UPKEEP)
  addLedger(program, io, UPKEEP, finish)
  addCompletion(program, io, UPKEEP)
  return program
}

const DESCRIPTION =
  'Reads the session logs of Claude Code, OpenClaw and pi on this machine into a ledger of its own and serves token usage and cost to Prometheus. Without a command it runs the exporter, by default on http://127.0.0.1:10061/metrics. It never stores a prompt or an answer.'

const NEW_LEDGER =
  'Move a damaged or unwanted ledger aside, begin a new one and read all logs there are into it. Responses whose logs are gone are in the old file only.'

const EXAMPLES = `
Every setting can stand in the YAML file as well, and in the environment: --log.level is log.level there and
CLAUDE_USAGE_EXPORTER_LOG_LEVEL. A flag wins over the environment, the environment over the file.

Examples:
  claude-usage-exporter                                    run the exporter
  claude-usage-exporter summary                            what was spent today, in 7 days, this month
  claude-usage-exporter daily --days 14 --by model         two weeks, day by day and model by model
  claude-usage-exporter sessions --since today --top 5     today's most expensive sessions
  claude-usage-exporter budgets                            limits, what is used, forecast
  claude-usage-exporter explain yesterday                  how yesterday's cost comes about
  claude-usage-exporter reconcile --days 7                 estimated against billed cost of an organisation
  claude-usage-exporter chargeback --by team               who is charged for what this month
  claude-usage-exporter top                                what is being used right now
  claude-usage-exporter report --output usage.md           a report to read and to mail
  claude-usage-exporter export --days 90 --output use.csv  rows for a spreadsheet
  claude-usage-exporter doctor                             what is wrong, and what to do
  claude-usage-exporter scheduler --format systemd         files for a timer instead of a running exporter
  claude-usage-exporter --web.listen-address 127.0.0.1:9999 --log.level debug

Exit codes: 0 fine, 1 something failed, 2 the command line, the configuration or the machine needs a change.`

function refuseUnknown(program: Command, name: string): void {
  const near = closest(
    name,
    program.commands.map((command) => command.name()),
  )
  program.error(`error: unknown command '${name}'${near === null ? '' : `\n(Did you mean ${near}?)`}`)
}

async function serve(io: Io, command: Command, finish: (exitCode: number) => void): Promise<void> {
  const { serve: run } = await import('./serve/serve.ts')
  finish(await run(io, command))
}

/** Lines of help longer than this are hard to read. */
const MAX_HELP_COLUMNS = 100

function helpWidth(columns: number): number {
  return Math.min(columns, MAX_HELP_COLUMNS)
}
