import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

/** The options of `privacy`, as parsed. */
export interface PrivacyOptions {
  readonly all?: boolean
  readonly json?: boolean
}

const DESCRIPTION =
  'Lists every name that can be seen now, by where it can be seen: the labels of /metrics with their values, what the ledger keeps, what reports show and what the webhook is told; and which setting hides what. It reads the ledger as it is, beside a running exporter too.'

const AFTER = `
Settings that hide names apply to what is read from then on; names the ledger has already stay in it. --new-ledger
reads all logs that are still there again, under the new settings.

Examples:
  claude-usage-exporter privacy
  claude-usage-exporter privacy --all          every value, however many there are
  claude-usage-exporter privacy --json`

/** Adds `privacy`. */
export function addPrivacy(program: Command, io: Io, helpGroup: string): void {
  program
    .command('privacy')
    .helpGroup(helpGroup)
    .summary('every name that can be seen, where, and what hides it')
    .description(DESCRIPTION)
    .option('--all', 'Every value instead of the first few of each field.')
    .option('--json', 'Print JSON with every value (schemaVersion 1).')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runPrivacy } = await import('./run.ts')
      await runPrivacy(io, command)
    })
}
