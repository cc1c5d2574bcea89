import { Command, Option } from 'commander'
import { addConfigOptions } from '../config/flags.ts'
import { closest } from '../lib/suggest.ts'
import { VERSION } from '../lib/version.ts'
import { addBackfill } from './backfill/command.ts'
import { addBudgets } from './budgets/command.ts'
import { addCompletion } from './completion/command.ts'
import { addDemo } from './demo/command.ts'
import { addDoctor } from './doctor/command.ts'
import { addDocument } from './document/command.ts'
import { addExport } from './export/command.ts'
import { helpBelow, helpStyle } from './help.ts'
import type { Io } from './io.ts'
import { addNotify } from './notify/command.ts'
import { addOnce } from './once/command.ts'
import { addPrices } from './prices/command.ts'
import { addPrivacy } from './privacy/command.ts'
import { addReconcile } from './reconcile/command.ts'
import { addReports } from './report/commands.ts'
import { addRuns } from './runs/command.ts'
import { addScheduler } from './scheduler/command.ts'
import { addStatusline } from './statusline/command.ts'
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
  addDemo(program, io, finish)
  addReports(program, io, REPORTS)
  addBudgets(program, io, REPORTS, finish)
  addReconcile(program, io, REPORTS)
  addTop(program, io, REPORTS, finish)
  addPrices(program, io, REPORTS)
  addExport(program, io, REPORTS, finish)
  addDocument(program, io, REPORTS, finish)
  addWindows(program, io, REPORTS)
  addStatusline(program, io, REPORTS)
  addRuns(program, io, UPKEEP)
  addSync(program, io, finish)
  addOnce(program, io, UPKEEP, finish)
  addScheduler(program, io, UPKEEP)
  addBackfill(program, io, UPKEEP, finish)
  addNotify(program, io, UPKEEP, finish)
  addCheckConfig(program, io)
  addDoctor(program, io, UPKEEP, finish)
  addPrivacy(program, io, UPKEEP)
  addLedger(program, io, finish)
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

function addSync(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command('sync')
    .helpGroup(UPKEEP)
    .summary('read what is new in logs and organisations, and exit')
    .description(
      'Reads what is new into the ledger and tells what it was: session logs, and with an admin key the usage, cost and names of the organisation. Exit code 1 when a report could not be read. Where an exporter is running it says so and does nothing, with exit code 0: the exporter follows the logs itself.',
    )
    .option('--type <type>', 'What to sync: usage, cost, directory, claude-code, sessions or all.', 'all')
    .option('--days <n>', 'Read the last N UTC days of the organisation again, today included.')
    .option('--since <day>', 'Read the organisation again from this UTC day (2026-05-04) on.')
    .option('--dry-run', 'Read the organisation and tell what would change; store nothing.')
    .option('--json', 'Print JSON.')
    .addHelpText(
      'after',
      helpBelow(`
Examples:
  claude-usage-exporter sync                              logs and organisations, what is new
  claude-usage-exporter sync --type cost --days 60        billed cost of the last 60 days again
  claude-usage-exporter sync --type usage --dry-run       what the next sync would change`),
    )
    .action(async (_options, command: Command) => {
      const { sync } = await import('./sync/sync.ts')
      finish(await sync(io, command))
    })
}

function addCheckConfig(program: Command, io: Io): void {
  program
    .command('check-config')
    .helpGroup(UPKEEP)
    .summary('check the configuration and print it')
    .description(
      'Checks flags, environment and configuration file and prints every setting in force as YAML, each that is no default with where it was given; secrets are masked. Exit code 2 with a list of everything that is wrong.',
    )
    .addHelpText(
      'after',
      helpBelow(`
Examples:
  claude-usage-exporter check-config
  claude-usage-exporter check-config --config.file claude-usage-exporter.yml`),
    )
    .action(async (_options, command: Command) => {
      const { checkConfig } = await import('./check-config.ts')
      await checkConfig(io, command)
    })
}

function addLedger(program: Command, io: Io, finish: (exitCode: number) => void): void {
  const ledger = program
    .command('ledger')
    .helpGroup(UPKEEP)
    .summary('back up, restore, check and repair the ledger')
    .description('Back up, restore, check and repair the ledger.')
    .addHelpText(
      'after',
      helpBelow(`
Examples:
  claude-usage-exporter ledger backup copy.sqlite     also while an exporter is running
  claude-usage-exporter ledger restore copy.sqlite    the ledger of before is kept beside it
  claude-usage-exporter ledger check
  claude-usage-exporter ledger rebuild-rollups`),
    )
  ledger
    .command('backup')
    .argument('<file>', 'Name of the copy; nothing is overwritten.')
    .description('Copy the ledger to a file, also while an exporter is running.')
    .action(async (file: string, _options, command: Command) => {
      const { backupLedger } = await import('./ledger/backup.ts')
      await backupLedger(io, command, file)
    })
  ledger
    .command('restore')
    .argument('<file>', 'A copy that `ledger backup` made.')
    .description('Put a backup in the place of the ledger, which is kept beside it. No exporter may be running.')
    .action(async (file: string, _options, command: Command) => {
      const { restoreLedger } = await import('./ledger/restore.ts')
      await restoreLedger(io, command, file)
    })
  ledger
    .command('check')
    .description('Look for damage and wrong sums. Exit code 1 when there are any.')
    .action(async (_options, command: Command) => {
      const { checkLedger } = await import('./ledger/check.ts')
      finish(await checkLedger(io, command))
    })
  ledger
    .command('rebuild-rollups')
    .description('Make the sums of the reports anew from the responses. No exporter may be running.')
    .action(async (_options, command: Command) => {
      const { rebuildRollups } = await import('./ledger/check.ts')
      finish(await rebuildRollups(io, command))
    })
}

/** Lines of help longer than this are hard to read. */
const MAX_HELP_COLUMNS = 100

function helpWidth(columns: number): number {
  return Math.min(columns, MAX_HELP_COLUMNS)
}
