import { absolutePath, configFolder } from '../lib/paths.ts'
import { CONFIG_FILE_VARIABLE } from './environment.ts'
import { CONFIG_FILE, CONFIG_FILE_FLAG } from './flags.ts'
import type { ConfigInput } from './input.ts'
import { type Problem, shown } from './problem.ts'

const REASONS = new Map([
  ['ENOENT', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a folder'],
])

export interface ConfigFile {
  /** As the user named it, for messages. */
  readonly name: string
  readonly path: string
  readonly folder: string
  readonly text: string
}

/**
 * The file that flag or environment name, or else `config.yml` in the platform's place for settings, which may be
 * missing.
 */
export function readConfigFile(input: ConfigInput): ConfigFile | Problem | null {
  const fromFlag = input.flags.get(CONFIG_FILE)
  const named = typeof fromFlag === 'string' ? fromFlag : input.env[CONFIG_FILE_VARIABLE]
  const name = named || absolutePath(input, configFolder(input), 'config.yml')
  const path = absolutePath(input, input.workingFolder, name)
  try {
    return { name, path, folder: absolutePath(input, path, '..'), text: input.readFile(path) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!named && code === 'ENOENT') return null
    const giver = fromFlag === undefined ? CONFIG_FILE_VARIABLE : CONFIG_FILE_FLAG
    return { text: `${named ? `${giver}: ` : ''}cannot read ${shown(name)}: ${REASONS.get(code) ?? String(error)}` }
  }
}
