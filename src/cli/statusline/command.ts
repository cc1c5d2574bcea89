import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

const DESCRIPTION =
  'Prints the status line of Claude Code and keeps what Claude Code says of the limits of a subscription: used percentages and reset times, nothing else. It takes the JSON that Claude Code hands to its status line on standard input, asks nobody and reads no token. The limits are stored beside the ledger, where the exporter and `windows` find them. Exit code 0 whatever happens; what went wrong stands in the line.'

const AFTER = `
Fields of --format: {model}, {context}, {cost} (of the session), {today} (all agents, from a running exporter), {5h},
{5h.reset}, {7d}, {7d.reset}. Windows with other names have fields of these names. NO_COLOR and COLUMNS are respected.

Accounts: Claude Code does not say which account it uses. Those with several, each with a CLAUDE_CONFIG_DIR of its own,
give every settings.json a name of its own with --account.

Examples:
  claude-usage-exporter statusline                  in settings.json of Claude Code, see \`windows --help\`
  claude-usage-exporter statusline --format '{model} 5h {5h}, 7d {7d}'
  claude-usage-exporter statusline --account work`

/** Adds `statusline`. `main.ts` runs it without this where nothing is unusual. */
export function addStatusline(program: Command, io: Io, helpGroup: string): void {
  program
    .command('statusline')
    .helpGroup(helpGroup)
    .summary('the status line of Claude Code; keeps what it says of plan limits')
    .description(DESCRIPTION)
    .option('--account <name>', 'A short name for the account (default: default).')
    .option('--format <pattern>', 'What to print, with {fields}.')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (options: { readonly account?: string; readonly format?: string }, command: Command) => {
      const { runStatusline } = await import('./run.ts')
      await runStatusline(io, { ...options, ...(await storageFrom(io, command)) })
    })
}

/** Where `--config.file` may name the folder of the ledger, everything is loaded. */
async function storageFrom(io: Io, command: Command): Promise<{ readonly storagePath?: string }> {
  try {
    const { loadConfig } = await import('../../config/load.ts')
    const { config } = await loadConfig({ ...io.host, flags: flagsFrom(command) })
    return { storagePath: config.storage.path }
  } catch {
    return {}
  }
}
