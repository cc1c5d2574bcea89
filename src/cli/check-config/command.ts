import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

/** The command `check-config`. */
export function addCheckConfig(program: Command, io: Io, group: string): void {
  program
    .command('check-config')
    .helpGroup(group)
    .summary('check the configuration and print it')
    .description(
      'Checks flags, environment and configuration file and prints every setting in force as YAML, each that is no default with where it was given; secrets are masked. Exit code 2 with a list of everything that is wrong.',
    )
    .addHelpText(
      'after',
      helpBelow(`
Examples:
  claude-usage-exporter check-config
  claude-usage-exporter check-config --config.file claude-usage-exporter.yml`),
    )
    .action(async (_options, command: Command) => {
      const { checkConfig } = await import('./run.ts')
      await checkConfig(io, command)
    })
}
