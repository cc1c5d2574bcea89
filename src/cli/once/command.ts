import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

/** The options of `once`, as parsed. */
export interface OnceOptions {
  readonly json?: boolean
}

const DESCRIPTION =
  'Does once what a running exporter does all the time, and exits, for those who prefer cron or another scheduler: reads what is new in the logs and the organisations that there is a key for, and writes every document under `reports` of the configuration. It prints a line per step with what was done, how long it took and the result. Beside a running exporter it reads nothing, because that has read it, and writes the documents from its ledger.'

const AFTER = `
A step that fails does not keep the others from being done. Exit code 0 when all went well, 1 when a step failed, 2 when
the command line, the configuration or the machine needs a change first.

Examples:
  claude-usage-exporter once
  claude-usage-exporter once --config.file claude-usage-exporter.yml
  claude-usage-exporter once --json

In crontab, where it is mailed only when something goes wrong:
  0 8,18 * * * claude-usage-exporter once > ~/usage.log || cat ~/usage.log`

/**
 * Adds `once`.
 *
 * @param finish takes the exit code
 */
export function addOnce(program: Command, io: Io, helpGroup: string, finish: (exitCode: number) => void): void {
  program
    .command('once')
    .helpGroup(helpGroup)
    .summary('read everything, write all configured reports, and exit')
    .description(DESCRIPTION)
    .option('--json', 'Print JSON at the end instead of lines.')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runOnce } = await import('./run.ts')
      finish(await runOnce(io, command))
    })
}
