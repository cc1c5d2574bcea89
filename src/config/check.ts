import type * as z from 'zod/mini'
import { closest } from '../lib/suggest.ts'
import { givenSettings, type KeyPath, type Layer, nested, settingAt, valueAt } from './layer.ts'
import { type Problem, shown } from './problem.ts'
import { knownKeys, schema } from './schema.ts'
import { allSettings } from './settings.ts'

export interface CheckedLayer {
  /** Typed values by setting path, without those that were refused. */
  readonly values: ReadonlyMap<string, unknown>
  readonly problems: readonly Problem[]
}

/** Holds a layer against the schema. */
export function checkLayer(layer: Layer): CheckedLayer {
  const result = schema.safeParse(layer.values)
  if (result.success) return { values: new Map(givenSettings(result.data)), problems: layer.problems }
  const problems = [...layer.problems, ...result.error.issues.flatMap((issue) => problemsOf(issue, layer))]
  const refused = new Set(problems.map((problem) => problem.setting))
  const accepted = givenSettings(layer.values).filter(([path]) => !refused.has(path))
  return { values: new Map(givenSettings(schema.parse(nested(accepted)))), problems }
}

function problemsOf(issue: z.core.$ZodIssue, layer: Layer): Problem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...issue.path, key], layer))
  const expected = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? '') : issue.message
  const setting = settingAt(issue.path)
  const seen = issue.code === 'invalid_key' ? issue.path.at(-1) : valueAt(layer.values, issue.path)
  const where = layer.where(issue.path, issue.code === 'invalid_key' ? 'key' : 'value')
  const text = seen === undefined ? `missing; expected ${expected}` : `expected ${expected}${gotText(seen, setting)}`
  return [{ text: `${where}: ${text}`, ...(setting && { setting }) }]
}

function gotText(seen: unknown, setting: string | null): string {
  const isSecret = allSettings.some((row) => row.path === setting && row.setting.secret)
  return isSecret ? '' : ` (got ${shown(seen)})`
}

function unknownKey(path: KeyPath, layer: Layer): Problem {
  const setting = settingAt(path)
  const key = String(path.at(-1))
  const near = setting ? closest(key, knownKeys(path.slice(0, -1))) : nearestSetting(path)
  const what = setting ? 'unknown key' : 'unknown setting'
  const question = near === null ? '' : `; did you mean ${near}?`
  return { text: `${layer.where(path, 'key')}: ${what}${question}`, ...(setting && { setting }) }
}

/** A misspelt neighbour, one with another end (a unit, for example), or the setting of that name in another group. */
function nearestSetting(path: KeyPath): string | null {
  const group = path.slice(0, -1)
  const key = String(path.at(-1))
  const siblings = knownKeys(group)
  const sibling =
    closest(key, siblings) ?? siblings.find((name) => name.startsWith(`${key}_`) || key.startsWith(`${name}_`))
  if (sibling !== undefined) return [...group, sibling].join('.')
  return allSettings.find((row) => row.path.endsWith(`.${key}`))?.path ?? null
}
