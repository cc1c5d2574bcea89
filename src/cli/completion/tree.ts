import type { Command, Option } from 'commander'

/** A command as a shell needs to know it. */
export interface CommandNode {
  /** Words after the name of the program; empty for the program itself. */
  readonly path: readonly string[]
  readonly about: string
  readonly options: readonly OptionNode[]
  readonly children: readonly CommandNode[]
  /** Whether it takes a file besides options. */
  readonly takesFile: boolean
}

export interface OptionNode {
  /** With the dashes: `--days`. */
  readonly name: string
  readonly about: string
  /** Words it takes; empty for any text; null where it takes none. */
  readonly words: readonly string[] | null
  /** Whether what it takes is a file or folder. */
  readonly isPath: boolean
}

/** All commands and options of a program, from the program itself. */
export function commandTree(command: Command, path: readonly string[] = []): CommandNode {
  const children = command.commands.map((child) => commandTree(child, [...path, child.name()]))
  return {
    path,
    about: command.summary() || firstSentence(command.description()),
    options: optionsOf(command),
    children,
    takesFile: command.registeredArguments.some((argument) => argument.name() === 'file'),
  }
}

function optionsOf(command: Command): OptionNode[] {
  const help: OptionNode = { name: '--help', about: 'Print this help.', words: null, isPath: false }
  const own = command.options.filter((option) => !option.hidden && option.long).map(optionNode)
  return [...own.filter(({ name }) => name !== '--help'), help]
}

function optionNode({ long, description, argChoices, required, optional, flags }: Option): OptionNode {
  const takesValue = required || optional
  return {
    name: long ?? '',
    about: firstSentence(description),
    words: takesValue ? (argChoices ?? []) : null,
    isPath: /<(file|path|folder)>/i.test(flags),
  }
}

function firstSentence(text: string): string {
  return (/^.*?[.;:](?=\s|$)/s.exec(text)?.[0] ?? text).replace(/[.;:]$/, '')
}
