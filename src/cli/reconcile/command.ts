import { type Command, InvalidArgumentError, Option } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

const DESCRIPTION =
  "Holds the estimate from this machine's session logs against what the provider billed the organisation, UTC day by UTC day, and says what a difference comes from. Only metered use of Anthropic's own API counts. The bill comes from the organisation (Admin) API, which the exporter and `sync` read; this command asks nobody."

const AFTER = `
Columns: Estimate is the session logs at list price, API tokens the provider's own token counts at list price,
Billed the cost report (before credits), Ratio estimate / billed. Within 1 % (and always a cent) nothing needs a reason.

Examples:
  claude-usage-exporter reconcile                                        the last 14 UTC days
  claude-usage-exporter reconcile --since 2026-05-01 --until 2026-05-31  one month
  claude-usage-exporter reconcile --days 7 --by workspace --json`

/** Adds `reconcile`. */
export function addReconcile(program: Command, io: Io, helpGroup: string): void {
  program
    .command('reconcile')
    .helpGroup(helpGroup)
    .summary('estimated against billed cost, day by day')
    .description(DESCRIPTION)
    .addOption(new Option('--days <n>', 'The last N UTC days, today included (default: 14).').argParser(parseDays))
    .option('--since <day>', 'First UTC day, such as 2026-05-01.')
    .option('--until <day>', 'Last UTC day.')
    .addOption(new Option('--by <what>', 'Show the workspaces of each day as well.').choices(['workspace']))
    .option('--json', 'JSON with exact numbers instead of a table (schemaVersion 1).')
    .option('--no-sync', 'Show what the ledger holds without reading the logs first.')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runReconcile } = await import('./run.ts')
      await runReconcile(io, command)
    })
}

function parseDays(text: string): number {
  const days = Number(text)
  if (!/^\d+$/.test(text) || days < 1 || days > 3_660)
    throw new InvalidArgumentError('Give a number of days from 1 on.')
  return days
}
