import type { Flags } from '../../src/config/flags.ts'
import { type LoadedConfig, loadConfig } from '../../src/config/load.ts'
import { OperatorError } from '../../src/core/errors.ts'

export interface Given {
  /** Text of the configuration file `/etc/exporter.yml`, named by flag. */
  readonly yaml?: string
  readonly env?: Readonly<Record<string, string>>
  readonly flags?: Readonly<Record<string, string | boolean | readonly string[]>>
  /** Files that exist beside it. */
  readonly files?: Readonly<Record<string, string>>
  readonly platform?: NodeJS.Platform
  readonly timeZone?: string
}

const FILE = '/etc/exporter.yml'

/** Loads a configuration for the user whose home is /home/ada, working in /srv/current. Variables come without prefix. */
export function loadFrom(given: Given): Promise<LoadedConfig> {
  const files: Record<string, string> = { ...given.files, ...(given.yaml !== undefined && { [FILE]: given.yaml }) }
  const env = Object.entries(given.env ?? {}).map(([name, value]) => [
    /^(XDG_|APPDATA$|ANTHROPIC_)/.test(name) ? name : `CLAUDE_USAGE_EXPORTER_${name}`,
    value,
  ])
  const flags: Flags = new Map(
    Object.entries({ ...(given.yaml !== undefined && { 'config.file': FILE }), ...given.flags }),
  )
  return loadConfig({
    flags,
    env: Object.fromEntries(env),
    readFile(path) {
      const text = files[path]
      if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })
      return text
    },
    platform: given.platform ?? 'linux',
    home: '/home/ada',
    workingFolder: '/srv/current',
    timeZone: given.timeZone ?? 'Europe/Berlin',
  })
}

/** Message and fix of the error that a configuration is refused with. */
export async function refusal(given: Given): Promise<{ message: string; fix: string | undefined }> {
  try {
    await loadFrom(given)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return { message: error.message.replace(/^Invalid configuration(: |, )/, ''), fix: error.fix }
  }
  throw new Error('the configuration was accepted')
}
