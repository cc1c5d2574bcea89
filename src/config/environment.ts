import { closest } from '../lib/suggest.ts'
import { type Layer, nested, pathText, settingAt } from './layer.ts'
import type { Problem } from './problem.ts'
import { ENVIRONMENT_PREFIX, type Host, type NamedSetting } from './setting.ts'
import { allSettings } from './settings.ts'

/** Names the configuration file itself. */
export const CONFIG_FILE_VARIABLE = `${ENVIRONMENT_PREFIX}CONFIG_FILE`

/** The settings of the environment. An empty variable counts as not set. */
export function environmentLayer({ env, workingFolder }: Host): Layer {
  const variables = new Map(allSettings.map((row) => [row.path, variableOf(row, env)]))
  const given = allSettings.filter((row) => env[variables.get(row.path) ?? ''])
  return {
    values: nested(given.map((row) => [row.path, row.setting.type.fromText(env[variables.get(row.path) ?? ''] ?? '')])),
    where: (path) => {
      const setting = settingAt(path)
      const name = variables.get(setting ?? '') ?? 'environment'
      return name + pathText(path.slice(setting?.split('.').length))
    },
    folder: workingFolder,
    problems: unknownVariables(env),
  }
}

/** The variable that gives a setting, or would. */
function variableOf({ environmentName, setting: { alsoEnvironment } }: NamedSetting, env: Host['env']): string {
  return alsoEnvironment && env[alsoEnvironment] && !env[environmentName] ? alsoEnvironment : environmentName
}

function unknownVariables(env: Host['env']): Problem[] {
  const known = [...allSettings.map((row) => row.environmentName), CONFIG_FILE_VARIABLE]
  return Object.keys(env)
    .filter((name) => name.startsWith(ENVIRONMENT_PREFIX) && !known.includes(name))
    .map((name) => {
      const near = closest(
        name.slice(ENVIRONMENT_PREFIX.length),
        known.map((full) => full.slice(ENVIRONMENT_PREFIX.length)),
      )
      const question = near === null ? '' : `; did you mean ${ENVIRONMENT_PREFIX}${near}?`
      return { text: `${name}: unknown setting${question}` }
    })
}
