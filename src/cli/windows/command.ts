import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

const DESCRIPTION =
  'Shows how much of the limits of a Claude subscription is used (5 hours, 7 days) and when they are reset, as Claude Code last told its status line. It needs no running exporter and asks nobody.'

const AFTER = `
Claude Code tells of the limits only to a status line, after the first answer of a session, and only for subscriptions.
In ~/.claude/settings.json:

  "statusLine": {
    "type": "command",
    "command": "claude-usage-exporter statusline"
  }

A reading counts until its reset, and for 24 hours at most (5 hours for the window 5h).

Examples:
  claude-usage-exporter windows                     used shares, resets and how old the readings are
  claude-usage-exporter windows --json`

/** Adds `windows`. */
export function addWindows(program: Command, io: Io, helpGroup: string): void {
  program
    .command('windows')
    .helpGroup(helpGroup)
    .summary('limits of a subscription: 5 hours, 7 days')
    .description(DESCRIPTION)
    .option('--json', 'JSON instead of a table (schemaVersion 1).')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runWindows } = await import('./run.ts')
      await runWindows(io, command)
    })
}
