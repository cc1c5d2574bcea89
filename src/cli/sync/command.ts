import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

/** The command `sync`. */
export function addSync(program: Command, io: Io, group: string, finish: (exitCode: number) => void): void {
  program
    .command('sync')
    .helpGroup(group)
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
      const { sync } = await import('./sync.ts')
      finish(await sync(io, command))
    })
}
