import type { Flags } from '../../config/flags.ts'
import { allSettings } from '../../config/settings.ts'
import { OperatorError } from '../../core/errors.ts'

/** Settings that may be given to the demo. All others are its own: they are what it shows. */
const FREE = /^(web|storage|log|metrics|tail|alerts)\.|^time_zone$/

/** The flags, all of which the demo can heed. Throws OperatorError for any other. */
export function demoFlags(flags: Flags): Flags {
  const other = [...flags.keys()].find((path) => !FREE.test(path))
  if (other === undefined) return flags
  throw new OperatorError(`The demo has its own ${other}`, {
    fix: 'Leave that flag out: of the settings, the demo takes web, storage, log, metrics, tail, alerts and time_zone.',
  })
}

/** What the demo heeds of the environment: nothing that leads to the logs, keys or settings of this machine. */
export function demoEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const names = allSettings.filter(({ path }) => FREE.test(path)).map(({ environmentName }) => environmentName)
  return Object.fromEntries(names.map((name) => [name, env[name]]))
}
