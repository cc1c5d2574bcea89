import { type Command, InvalidArgumentError, Option } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

const DESCRIPTION =
  'Shows the log of runs, newest first: when each source was read, why, over which range, what changed in the ledger and how it ended. It reads the ledger as it is, beside a running exporter too, and starts nothing.'

const AFTER = `
Examples:
  claude-usage-exporter runs                             the last 20 runs
  claude-usage-exporter runs --failed --days 7           what went wrong this week
  claude-usage-exporter runs --source anthropic-cost --top 5 --json`

/** Adds `runs`. */
export function addRuns(program: Command, io: Io, helpGroup: string): void {
  program
    .command('runs')
    .helpGroup(helpGroup)
    .summary('the log of what was read when, and how it went')
    .description(DESCRIPTION)
    .option('--source <name>', 'Only this source, such as anthropic-usage, anthropic-cost:acme or claude-code.')
    .option('--failed', 'Only runs that failed, in part or whole.')
    .addOption(
      new Option('--days <n>', 'Only the last N local days, today included.').argParser(wholeNumber('days', 3_660)),
    )
    .addOption(new Option('--top <n>', 'As many runs (default: 20).').argParser(wholeNumber('runs', 100_000)))
    .option('--json', 'JSON instead of a table (schemaVersion 1).')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runRuns } = await import('./run.ts')
      await runRuns(io, command)
    })
}

function wholeNumber(what: string, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= 1 && value <= max) return value
    throw new InvalidArgumentError(`Give a number of ${what} from 1 on.`)
  }
}
