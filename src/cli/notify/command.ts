import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

const DESCRIPTION =
  'The exporter can tell of budgets and runaways by itself, for those without Alertmanager: it posts each notice once to a webhook. With --test this sends one message there and says what came back. Exit code 1 when it was not taken, 2 when no webhook is configured.'

const AFTER = `
Settings: notify.webhook_url_file (a file with the address, which is a secret) or notify.webhook_url, and
notify.format (json, slack or discord).

Examples:
  claude-usage-exporter notify                      what is told, and whether there is a webhook
  claude-usage-exporter notify --test               one message, to see that it arrives`

/**
 * Adds `notify`.
 *
 * @param finish takes the exit code
 */
export function addNotify(program: Command, io: Io, helpGroup: string, finish: (exitCode: number) => void): void {
  program
    .command('notify')
    .helpGroup(helpGroup)
    .summary('try the built-in webhook notifier')
    .description(DESCRIPTION)
    .option('--test', 'Send one test message.')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runNotify } = await import('./run.ts')
      finish(await runNotify(io, command))
    })
}
