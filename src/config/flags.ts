import type { Command } from 'commander'
import { type Layer, nested, settingAt } from './layer.ts'
import { defaultText, type NamedSetting } from './setting.ts'
import { allSettings } from './settings.ts'

/** What was given on the command line: by setting path, and `config.file` for the configuration file. */
export type Flags = ReadonlyMap<string, string | boolean | readonly string[]>

/** Names the configuration file itself. */
export const CONFIG_FILE_FLAG = '--config.file'
export const CONFIG_FILE = 'config.file'

/** Adds a flag for every setting that has one. */
export function addConfigOptions(command: Command): void {
  const file = command.createOption(`${CONFIG_FILE_FLAG} <path>`, 'Configuration file (YAML).')
  command.addOption(file.helpGroup('Configuration:'))
  for (const row of allSettings) addFlag(command, row)
}

/** The flags given to a command or to the commands above it; the nearest wins. */
export function flagsFrom(command: Command): Flags {
  const flags = new Map<string, string | boolean | readonly string[]>()
  const pathByFlag = new Map(allSettings.map((row) => [row.flag, row.path]))
  pathByFlag.set(CONFIG_FILE_FLAG, CONFIG_FILE)
  for (let level: Command | null = command; level !== null; level = level.parent) {
    for (const option of level.options) {
      const path = pathByFlag.get(option.long?.replace(/^--no-/, '--') ?? null)
      // commander keeps `--web.listen-address` under `web.listenAddress`; only the option knows that.
      const key = option.attributeName()
      if (path === undefined || flags.has(path) || level.getOptionValueSource(key) !== 'cli') continue
      flags.set(path, level.getOptionValue(key))
    }
  }
  return flags
}

/** The settings of the command line. */
export function flagLayer(flags: Flags, workingFolder: string): Layer {
  const given = allSettings.filter((row) => flags.has(row.path))
  return {
    values: nested(given.map((row) => [row.path, yamlForm(row, flags.get(row.path))])),
    where: (path) => allSettings.find((row) => row.path === settingAt(path))?.flag ?? 'command line',
    folder: workingFolder,
    problems: [],
  }
}

function addFlag(command: Command, { flag, path, setting }: NamedSetting): void {
  if (flag === null) return
  const group = `${path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : 'general'} settings:`
  if (setting.type.flag === 'switch') {
    // Both forms exist, so that a flag can undo what file or environment say; help shows the one that changes something.
    const on = command.createOption(flag, setting.about).helpGroup(group)
    const off = command.createOption(flag.replace('--', '--no-'), `Turn off: ${setting.about}`).helpGroup(group)
    command.addOption(on.hideHelp(setting.default === true)).addOption(off.hideHelp(setting.default === false))
    return
  }
  const repeated = setting.type.flag === 'repeated'
  const about = `${setting.about}${repeated ? ' Repeatable.' : ''} (default: ${defaultText(setting)})`
  const option = command.createOption(`${flag} <${placeholder(path)}>`, about)
  if (repeated) option.argParser((text, earlier: string[] | undefined) => [...(earlier ?? []), text])
  command.addOption(option.helpGroup(group))
}

function placeholder(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).replaceAll('_', '-')
}

function yamlForm(row: NamedSetting, value: string | boolean | readonly string[] | undefined): unknown {
  return typeof value === 'string' ? row.setting.type.fromText(value) : value
}
