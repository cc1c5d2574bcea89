import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

const DESCRIPTION =
  'Shows every budget of the configuration as it stands now: limit, used, state, forecast, when it runs out and when it is renewed; and the prepaid balance. The same figures as the claude_budget_* metrics. Beside a running exporter it shows what that has read; without one it reads the logs first. The exit code is the worst state.'

const AFTER = `
Exit codes: 0 all are ok, 3 warning, 4 critical, 5 exceeded, 6 unknown (1 and 2 are failures, as everywhere). With
several the most serious counts: exceeded, critical, unknown, warning.

Examples:
  claude-usage-exporter budgets
  claude-usage-exporter budgets --budget monthly --json
  claude-usage-exporter budgets > /dev/null || mail -s "over budget" team`

/** Adds `budgets`, also known as `alerts`. */
export function addBudgets(program: Command, io: Io, helpGroup: string, finish: (exitCode: number) => void): void {
  program
    .command('budgets')
    .alias('alerts')
    .helpGroup(helpGroup)
    .summary('budgets: used, state, forecast, time left')
    .description(DESCRIPTION)
    .option('--budget <name...>', 'Only these budgets.')
    .option('--json', 'JSON with exact numbers instead of a table (schemaVersion 1).')
    .option('--no-sync', 'Show what the ledger holds without reading the logs first.')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runBudgets } = await import('./run.ts')
      finish(await runBudgets(io, command))
    })
}
