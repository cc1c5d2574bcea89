import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'
import { commandTree } from './tree.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

const DESCRIPTION = 'Prints a script that lets the shell complete commands, options and the words an option takes.'

const AFTER = `
Where the shell looks for it; make the folder first where there is none:
bash  ~/.local/share/bash-completion/completions/claude-usage-exporter
zsh   ~/.zfunc/_claude-usage-exporter, with ~/.zfunc in fpath before compinit is called
fish  ~/.config/fish/completions/claude-usage-exporter.fish

Examples:
  claude-usage-exporter completion bash
  claude-usage-exporter completion zsh
  claude-usage-exporter completion fish`

/** Adds `completion`; the commands are those of the program at the time it runs. */
export function addCompletion(program: Command, io: Io, helpGroup: string): void {
  const completion = program
    .command('completion')
    .helpGroup(helpGroup)
    .summary('a script that completes commands in bash, zsh or fish')
    .description(DESCRIPTION)
    .addHelpText('after', helpBelow(AFTER))
  for (const shell of SHELLS) {
    completion
      .command(shell)
      .description(`Print the script for ${shell}.`)
      .action(async () => {
        const { completionScript } = await import('./scripts.ts')
        io.stdout.write(completionScript(shell, commandTree(program)))
      })
  }
}
