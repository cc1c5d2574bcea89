import { CONFIG_FILE, CONFIG_FILE_FLAG, type Flags } from '../../config/flags.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { allSettings } from '../../config/settings.ts'

/** The settings of this command line once more, for the command of a job, with paths made absolute. */
export function forwardedFlags(flags: Flags, { file, settings }: LoadedConfig): string[] {
  const named = flags.has(CONFIG_FILE) && file !== null ? [`${CONFIG_FILE_FLAG}=${file}`] : []
  const given = allSettings.flatMap(({ flag, path }) => {
    const value = flags.get(path)
    if (flag === null || value === undefined) return []
    if (typeof value === 'boolean') return [value ? flag : flag.replace('--', '--no-')]
    const absolute = settings.find((setting) => setting.path === path)?.value
    if (typeof value === 'string') return [`${flag}=${typeof absolute === 'string' ? absolute : value}`]
    return value.map((text, index) => `${flag}=${absoluteAt(absolute, index) ?? text}`)
  })
  return [...named, ...given]
}

/** A folder of a list may be written with its billing behind it; then it has to be absolute already. */
function absoluteAt(list: unknown, index: number): string | null {
  const item: unknown = Array.isArray(list) ? list[index] : null
  return typeof item === 'string' ? item : null
}
