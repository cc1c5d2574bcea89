import * as z from 'zod/mini'
import { isSetting, type SettingTree } from './setting.ts'
import { settings } from './settings.ts'

/**
 * What a YAML file may hold: every setting optional, nothing else. Flags and environment are checked by it as well,
 * once they are in the same form.
 */
export const schema = groupSchema(settings)

/** Keys a mapping may have, for a suggestion; empty where the path leads to no mapping of fixed keys. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let node: z.core.$ZodType | undefined = schema
  for (const key of path) node = node && child(inner(node), key)
  const def = node && inner(node)._zod.def
  return def && isObject(def) ? Object.keys(def.shape) : []
}

function groupSchema(tree: SettingTree): z.ZodMiniType<unknown> {
  const shape = Object.entries(tree).map(([key, node]) => [
    key,
    // A group whose settings are all commented out reads as null.
    z.optional(isSetting(node) ? node.type.schema : z.nullable(groupSchema(node))),
  ])
  return z.strictObject(Object.fromEntries(shape), { error: 'a mapping of settings' })
}

function child(node: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  const { def } = node._zod
  if (isObject(def)) return def.shape[String(key)]
  return def.type === 'array' ? (def as z.core.$ZodArrayDef).element : undefined
}

/** The schema under its wrappers; of several forms the one with keys. */
function inner(node: z.core.$ZodType): z.core.$ZodType {
  const { def } = node._zod
  if (def.type === 'optional' || def.type === 'nullable') return inner((def as z.core.$ZodOptionalDef).innerType)
  if (def.type === 'pipe') return inner((def as z.core.$ZodPipeDef).in)
  if (def.type === 'union') {
    const mapping = (def as z.core.$ZodUnionDef).options.map(inner).find((option) => isObject(option._zod.def))
    return mapping ?? node
  }
  return node
}

function isObject(def: z.core.$ZodTypeDef): def is z.core.$ZodObjectDef {
  return def.type === 'object'
}
