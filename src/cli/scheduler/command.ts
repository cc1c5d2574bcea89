import { type Command, InvalidArgumentError, Option } from 'commander'
import { isTimeZone } from '../../lib/time-zone.ts'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

const FORMATS = ['systemd', 'cron', 'launchd', 'openclaw'] as const

/** The options of `scheduler`, as parsed. */
export interface SchedulerOptions {
  readonly format: (typeof FORMATS)[number]
  readonly run: string
  readonly schedule: string
  readonly tz?: string
  readonly name?: string
  readonly output?: string
  readonly force?: boolean
  readonly program?: string
  readonly system?: boolean
  readonly user?: string
  readonly logFile?: string
  readonly agentTurn?: boolean
}

const DESCRIPTION =
  'Writes what another scheduler needs to start this program: a service and a timer of systemd, a line for cron, a property list of launchd or a cron job of OpenClaw. Nothing is installed: the files go to standard output, or with --output into a folder, and what to do with them is printed beside them. The exporter itself needs none of this, because it reads logs and organisations when they are due; it is for people who would rather not have a program running all the time.'

const AFTER = `
The job runs in the folder this command is run in, with the Node.js and the program that run now, and with the settings
given here (--config.file and all others). The environment of this shell is not taken along.

Times are cron expressions of five fields: minute, hour, day of month, month, weekday. Where days of the month and
weekdays are both given, a day that matches either is due, as with cron.

format    zone of the times      missed while off          files
systemd   any                    made up once              NAME.service, .timer
cron      any with cronie, else  left out                  NAME.cron
          the machine's
launchd   the machine's          made up once after sleep  NAME.plist
openclaw  any                    as the Gateway has it     NAME.openclaw.json

Examples:
  claude-usage-exporter scheduler --format systemd
  claude-usage-exporter scheduler --format systemd --schedule "0 8 * * 1-5" --output .
  claude-usage-exporter scheduler --format systemd --run serve      the exporter itself, running all the time
  claude-usage-exporter scheduler --format systemd --run ingest     reads logs into the ledger of a team, all the time
  claude-usage-exporter scheduler --format cron --run "export --days 7 --output week.csv --force"
  claude-usage-exporter scheduler --format launchd --schedule "*/30 * * * *"
  claude-usage-exporter scheduler --format openclaw --tz Europe/Berlin`

/** Adds `scheduler`. */
export function addScheduler(program: Command, io: Io, helpGroup: string): void {
  const onlySystemd = 'systemd: '
  program
    .command('scheduler')
    .helpGroup(helpGroup)
    .summary('files for systemd, cron, launchd or OpenClaw')
    .description(DESCRIPTION)
    .addOption(new Option('--format <format>', 'The scheduler.').choices(FORMATS).makeOptionMandatory())
    .option(
      '--run <command>',
      'Command of this program with its options; `serve` and `ingest` run all the time.',
      'once',
    )
    .option('--schedule <cron>', 'When to run it.', '0 8,18 * * *')
    .addOption(
      new Option('--tz <zone>', "Zone of the times; that of the configuration, else the machine's.").argParser(
        parseZone,
      ),
    )
    .addOption(
      new Option('--name <name>', 'Name of files, unit and job; made of the command unless given.').argParser(
        parseName,
      ),
    )
    .option('--output <folder>', 'Write the files there instead of printing them.')
    .option('--force', 'Replace files that are there already.')
    .option('--program <path>', 'What to start instead of this Node.js with this program.')
    .option('--system', `${onlySystemd}a unit of the machine, and not of the user.`)
    .addOption(
      new Option('--user <name>', `${onlySystemd}whom a unit of the machine runs as; you unless given.`).argParser(
        parseUser,
      ),
    )
    .option('--log-file <file>', 'cron: append output to this file instead of the system log.')
    .option('--agent-turn', 'openclaw: have an agent run the command, for versions before 2026.6.')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runScheduler } = await import('./run.ts')
      await runScheduler(io, command)
    })
}

function parseZone(text: string): string {
  if (!isTimeZone(text)) throw new InvalidArgumentError('Give an IANA time zone such as Europe/Berlin or UTC.')
  return text
}

function parseName(text: string): string {
  if (/^[A-Za-z\d][\w.-]{0,99}$/.test(text)) return text
  throw new InvalidArgumentError('Give letters, digits, dots, hyphens and underscores, at most 100.')
}

function parseUser(text: string): string {
  if (/^[A-Za-z_][\w.-]{0,30}\$?$/.test(text)) return text
  throw new InvalidArgumentError('Give the name of a user.')
}
