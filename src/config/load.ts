import { absolutePath } from '../lib/paths.ts'
import { checkLayer } from './check.ts'
import { type Config, typedKey } from './config.ts'
import { readConfigFile } from './config-file.ts'
import { environmentLayer } from './environment.ts'
import { flagLayer } from './flags.ts'
import type { ConfigInput } from './input.ts'
import { type KeyPath, type Layer, nested, pathText, valueAt } from './layer.ts'
import { configError, type Problem } from './problem.ts'
import { rules, type WhereGiven } from './rules.ts'
import type { NamedSetting } from './setting.ts'
import { allSettings } from './settings.ts'

export interface LoadedConfig {
  readonly config: Config
  /** Absolute path of the configuration file; null when there is none. */
  readonly file: string | null
  /** Every setting with its value in YAML form. */
  readonly settings: readonly EffectiveSetting[]
}

interface EffectiveSetting {
  readonly path: string
  readonly value: unknown
  /** Where the value was given; null for a default. */
  readonly where: string | null
}

interface Resolved extends EffectiveSetting {
  readonly row: NamedSetting
  readonly typed: unknown
  /** The place of a value within it. */
  readonly placeOf: (within: KeyPath) => string
}

/**
 * Settings from flags, environment, file and defaults, the first that has a value wins. Throws an OperatorError that
 * lists everything wrong in any of them, overruled values included.
 */
export async function loadConfig(input: ConfigInput): Promise<LoadedConfig> {
  const file = readConfigFile(input)
  const layers: Layer[] = [flagLayer(input.flags, input.workingFolder), environmentLayer(input)]
  const problems: Problem[] = []
  if (file && 'path' in file) {
    // Most machines have no file, and the YAML parser is a tenth of the start-up time.
    const { yamlLayer } = await import('./yaml-file.ts')
    layers.push(yamlLayer(file.name, file.folder, file.text))
  } else if (file) {
    problems.push(file)
  }
  const checked = layers.map((layer) => ({ layer, ...checkLayer(layer) }))
  problems.push(...checked.flatMap((layer) => layer.problems))
  const settings = allSettings.map((row) => resolve(row, checked, input))
  const config = typedConfig(settings)
  problems.push(...ruleProblems(config, settings, new Set(problems.map((problem) => problem.setting))))
  if (problems.length > 0) throw configError(problems)
  return { config, file: file && 'path' in file ? file.path : null, settings }
}

type CheckedSource = { readonly layer: Layer; readonly values: ReadonlyMap<string, unknown> }

function resolve(row: NamedSetting, sources: readonly CheckedSource[], input: ConfigInput): Resolved {
  const { path, setting } = row
  const source = sources.find(({ values }) => values.has(path))
  if (source === undefined) {
    const value = typeof setting.default === 'function' ? setting.default(input) : setting.default
    const placeOf = (within: KeyPath) => pathText([path, ...within])
    return { row, path, value, where: null, typed: setting.type.schema.parse(value), placeOf }
  }
  const { layer, values } = source
  const keys = path.split('.')
  const placeOf = (within: KeyPath) => layer.where([...keys, ...within], 'value')
  const where = placeOf([])
  const given = values.get(path)
  if (!setting.type.locate) return { row, path, value: valueAt(layer.values, keys), where, typed: given, placeOf }
  const located = setting.type.locate(given, (relative) => absolutePath(input, layer.folder, relative))
  return { row, path, value: located, where, typed: located, placeOf }
}

function ruleProblems(
  config: Config,
  settings: readonly Resolved[],
  refused: ReadonlySet<string | undefined>,
): Problem[] {
  const where: WhereGiven = (path, within = []) =>
    settings.find((setting) => setting.path === path)?.placeOf(within) ?? path
  return rules
    .filter((rule) => !rule.reads.some((path) => refused.has(path)))
    .flatMap((rule) =>
      [rule.check(config, where) ?? []].flat().map(({ at = rule.reads[0] ?? '', within, text, fix }) => ({
        text: `${where(at, within)}: ${text}`,
        fix,
      })),
    )
}

/** The one place where the table of settings becomes the type that was made from it. */
function typedConfig(settings: readonly Resolved[]): Config {
  const entries = settings.map(({ path, row, typed }) => {
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    const groups = keys.map((key) => typedKey(key, ''))
    return [[...groups, typedKey(last, row.setting.type.unit)].join('.'), typed] as const
  })
  return frozen(nested(entries)) as Config
}

function frozen<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !(value instanceof Map)) {
    for (const item of Object.values(value)) frozen(item)
    Object.freeze(value)
  }
  return value
}
