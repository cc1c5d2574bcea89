import type { ConfigInput } from '../../config/input.ts'
import { ENVIRONMENT_PREFIX } from '../../config/setting.ts'
import { ownValue } from '../../lib/own-value.ts'
import { absolutePath, configFolder, dataFolder } from '../../lib/paths.ts'

/** Longer files are not worth the wait. */
const MAX_CHARACTERS = 262_144

type StorageHost = Pick<ConfigInput, 'env' | 'platform' | 'home' | 'workingFolder' | 'readFile'>

/**
 * The folder of the ledger as flag, environment and configuration file name it: what `storage.path` is, found without
 * loading and checking all settings, which takes longer than a status line may. A file that cannot be used counts as
 * none.
 *
 * @param flag what `--storage.path` says
 */
export async function storageFolder(input: StorageHost, flag?: string): Promise<string> {
  const given = flag || input.env[`${ENVIRONMENT_PREFIX}STORAGE_PATH`]
  if (given) return absolutePath(input, input.workingFolder, given)
  return (await fromFile(input)) ?? dataFolder(input)
}

async function fromFile(input: StorageHost): Promise<string | null> {
  try {
    const named = input.env[`${ENVIRONMENT_PREFIX}CONFIG_FILE`]
    const path = absolutePath(
      input,
      input.workingFolder,
      named || absolutePath(input, configFolder(input), 'config.yml'),
    )
    const text = input.readFile(path)
    // Most files say nothing of it, and the YAML parser costs a third of the time there is.
    if (text.length > MAX_CHARACTERS || !text.includes('storage')) return null
    const { parse } = await import('yaml')
    const folder = ownValue(ownValue(parse(text), 'storage'), 'path')
    return typeof folder === 'string' && folder !== ''
      ? absolutePath(input, absolutePath(input, path, '..'), folder)
      : null
  } catch {
    return null
  }
}
