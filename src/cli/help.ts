import type { AddHelpTextContext, Argument, Command, Help, HelpConfiguration, Option } from 'commander'
import { reflow } from './terminal/reflow.ts'
import type { Style } from './terminal/style.ts'

/** Help with the commands first: the settings of the exporter fill screens. */
export function helpStyle(style: Style): HelpConfiguration {
  return {
    // Every command takes options; saying so with each tells nothing.
    subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentText)].join(' '),
    styleTitle: style.bold,
    styleCommandText: style.cyan,
    styleSubcommandText: style.cyan,
    styleOptionText: style.cyan,
    styleArgumentText: style.cyan,
    padWidth,
    formatItem,
    formatHelp,
  }
}

/** Longer terms have a line of their own: names of settings would leave no room for what they are about. */
const MAX_TERM_COLUMNS = 30
const DEFAULT_COLUMNS = 80
const INDENT = '  '
const MIN_DESCRIPTION_COLUMNS = 30

/** Text to stand below the options, as wide as the rest of the help; see `reflow` for how to write it. */
export function helpBelow(text: string): (context: AddHelpTextContext) => string {
  return ({ command, error }) => {
    const { getErrHelpWidth, getOutHelpWidth } = command.configureOutput()
    return reflow(text, (error ? getErrHelpWidth : getOutHelpWidth)?.() ?? DEFAULT_COLUMNS)
  }
}

function padWidth(command: Command, helper: Help): number {
  const longest = Math.max(
    helper.longestOptionTermLength(command, helper),
    helper.longestSubcommandTermLength(command, helper),
    helper.longestArgumentTermLength(command, helper),
  )
  return Math.min(longest, MAX_TERM_COLUMNS)
}

function formatItem(term: string, termWidth: number, description: string, helper: Help): string {
  if (description === '') return INDENT + term
  const before = INDENT.length + termWidth + INDENT.length
  const width = Math.max(MIN_DESCRIPTION_COLUMNS, (helper.helpWidth ?? DEFAULT_COLUMNS) - before)
  const text = helper.boxWrap(description, width).replaceAll('\n', `\n${' '.repeat(before)}`)
  const missing = termWidth - helper.displayWidth(term)
  return `${INDENT}${term}${missing < 0 ? `\n${' '.repeat(before)}` : ' '.repeat(missing) + INDENT}${text}`
}

function argumentText(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`
}

function formatHelp(command: Command, helper: Help): string {
  const termWidth = helper.padWidth(command, helper)
  const item = (term: string, description: string) => helper.formatItem(term, termWidth, description, helper)
  const commands = helper.groupItems([...command.commands], helper.visibleCommands(command), groupOfCommand)
  const options = helper.groupItems([...command.options], helper.visibleOptions(command), groupOfOption)
  return [
    `${helper.styleTitle('Usage:')} ${helper.styleUsage(helper.commandUsage(command))}`,
    '',
    helper.boxWrap(
      helper.styleCommandDescription(helper.commandDescription(command)),
      helper.helpWidth ?? DEFAULT_COLUMNS,
    ),
    '',
    ...helper.formatItemList(
      'Arguments:',
      helper
        .visibleArguments(command)
        .map((argument) => item(helper.styleArgumentTerm(helper.argumentTerm(argument)), argument.description)),
      helper,
    ),
    ...[...commands].flatMap(([heading, list]) => {
      const items = list.map((sub) =>
        item(helper.styleSubcommandTerm(helper.subcommandTerm(sub)), helper.subcommandDescription(sub)),
      )
      return helper.formatItemList(heading, items, helper)
    }),
    ...[...options].flatMap(([heading, list]) => {
      const items = list.map((option) =>
        item(helper.styleOptionTerm(helper.optionTerm(option)), helper.optionDescription(option)),
      )
      return helper.formatItemList(heading, items, helper)
    }),
  ].join('\n')
}

function groupOfCommand(command: Command): string {
  return command.helpGroup() || 'Commands:'
}

function groupOfOption(option: Option): string {
  return option.helpGroupHeading ?? 'Options:'
}
