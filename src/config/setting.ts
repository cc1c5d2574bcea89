import type { PlatformFacts } from '../lib/paths.ts'
import type { ValueType } from './value-type.ts'

export const ENVIRONMENT_PREFIX = 'CLAUDE_USAGE_EXPORTER_'

/** What defaults depend on. */
export interface Host extends PlatformFacts {
  /** Folder that relative paths of flags and environment start at. */
  readonly workingFolder: string
  /** The machine's own zone. */
  readonly timeZone: string
}

type YamlValue = string | number | boolean | readonly YamlValue[] | { readonly [key: string]: YamlValue }

/** One row of the table of settings. */
export interface Setting<T, Unit extends string = string> {
  readonly type: ValueType<T, Unit>
  /** In YAML form. */
  readonly default: YamlValue | ((host: Host) => YamlValue)
  /** How the manual writes a default that differs from machine to machine. */
  readonly defaultText?: string
  /** What it does, in a sentence or two, for the manual and `--help`. */
  readonly about: string
  /** Never printed, and not accepted on the command line, where every user of the machine could read it. */
  readonly secret?: true
  /** A variable that other programs use for the same, read where our own is not set. */
  readonly alsoEnvironment?: string
  /** The flag, where other programs have one for the same that does not follow from the path. */
  readonly flagName?: `--${string}`
}

/** Settings by their YAML keys. */
export interface SettingTree {
  readonly [key: string]: Setting<unknown> | SettingTree
}

export interface NamedSetting {
  /** Path in the YAML file: `web.listen_address`. */
  readonly path: string
  readonly environmentName: string
  /** `--web.listen-address`; null where the command line does not take it. */
  readonly flag: string | null
  readonly setting: Setting<unknown>
}

export function setting<T, Unit extends string>(
  type: ValueType<T, Unit>,
  row: Omit<Setting<T, Unit>, 'type'>,
): Setting<T, Unit> {
  return { type, ...row }
}

export function isSetting(node: Setting<unknown> | SettingTree): node is Setting<unknown> {
  return typeof node['about'] === 'string'
}

/** How manual and help write the default. */
export function defaultText(row: Setting<unknown>): string {
  if (row.defaultText !== undefined) return row.defaultText
  return typeof row.default === 'function' ? '' : yamlText(row.default)
}

function yamlText(value: YamlValue): string {
  if (Array.isArray(value)) return value.map((item) => yamlText(item)).join(', ') || 'none'
  if (typeof value === 'object') return 'none'
  return String(value)
}

/** Every setting of a tree, in the order written. */
export function listSettings(tree: SettingTree, prefix = ''): NamedSetting[] {
  return Object.entries(tree).flatMap(([key, node]) =>
    isSetting(node) ? [named(prefix + key, node)] : listSettings(node, `${prefix}${key}.`),
  )
}

function named(path: string, node: Setting<unknown>): NamedSetting {
  const onCommandLine = node.type.flag !== 'none' && !node.secret
  return {
    path,
    environmentName: ENVIRONMENT_PREFIX + path.replaceAll('.', '_').toUpperCase(),
    flag: onCommandLine ? (node.flagName ?? `--${path.replaceAll('_', '-')}`) : null,
    setting: node,
  }
}
