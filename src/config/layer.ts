import type { Problem } from './problem.ts'
import { allSettings } from './settings.ts'

export type KeyPath = readonly PropertyKey[]

/** The settings given in one place. */
export interface Layer {
  /** In YAML form, nested as in a YAML file. */
  readonly values: unknown
  /** Where a value, or its key, was given: file with line, variable or flag. */
  readonly where: (path: KeyPath, part: 'key' | 'value') => string
  /** Folder that relative paths start at. */
  readonly folder: string
  /** What is wrong with the place itself. */
  readonly problems: readonly Problem[]
}

/** The value at a path; undefined when there is none. */
export function valueAt(values: unknown, path: KeyPath): unknown {
  let node = values
  for (const key of path) {
    if (node === null || typeof node !== 'object' || !Object.hasOwn(node, key)) return undefined
    node = Reflect.get(node, key)
  }
  return node
}

/** The settings that a layer gives, with their values in YAML form. */
export function givenSettings(values: unknown): [path: string, value: unknown][] {
  return allSettings
    .map(({ path }): [string, unknown] => [path, valueAt(values, path.split('.'))])
    .filter(([, value]) => value !== undefined)
}

/** Values by setting path as the nested form of a YAML file. The paths are our own, never a user's. */
export function nested(entries: Iterable<readonly [path: string, value: unknown]>): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const [path, value] of entries) {
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let group = root
    for (const key of keys) {
      group[key] ??= {}
      group = group[key] as Record<string, unknown>
    }
    group[last] = value
  }
  return root
}

/** A path for people: `sources.pi.roots[1].path`. */
export function pathText(path: KeyPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, '')
}

/** The setting that a path into the values belongs to, such as `web.listen_address` for its second item. */
export function settingAt(path: KeyPath): string | null {
  for (let length = path.length; length > 0; length--) {
    const name = path.slice(0, length).join('.')
    if (allSettings.some((row) => row.path === name)) return name
  }
  return null
}
