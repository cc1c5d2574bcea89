import type * as z from 'zod/mini'
import { OperatorError } from '../../core/errors.ts'
import { escapeControls } from '../../lib/escape.ts'
import { closest } from '../../lib/suggest.ts'
import { knownKeys } from './schema.ts'

export type KeyPath = readonly PropertyKey[]

/** The place of a value, or of its key, in the file: `web.yml:3:5: tls_server_config.key`. */
export type Where = (path: KeyPath, part: 'key' | 'value') => string

const MAX_SHOWN = 25
const MAX_VALUE_CHARACTERS = 60

/** All problems of a web configuration file as one error. */
export function webConfigError(problems: readonly string[], fix?: string): OperatorError {
  const texts = problems.slice(0, MAX_SHOWN).map(escapeControls)
  if (problems.length > MAX_SHOWN) texts.push(`and ${problems.length - MAX_SHOWN} more`)
  const list = texts.length === 1 ? `: ${texts[0]}` : `, ${problems.length} problems:\n  ${texts.join('\n  ')}`
  return new OperatorError(`Invalid web configuration${list}`, fix === undefined ? {} : { fix })
}

/** What the schema does not accept, in words. Keys and hashes are never shown. */
export function schemaProblems(values: unknown, issues: readonly z.core.$ZodIssue[], where: Where): string[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...issue.path, key], where))
    return [`${where(issue.path, 'value')}: expected ${issue.message}${gotText(values, issue.path)}`]
  })
}

function unknownKey(path: KeyPath, where: Where): string {
  const near = closest(String(path.at(-1)), knownKeys(path.slice(0, -1)))
  const isHeader = path.at(-2) === 'headers'
  const what = isHeader ? 'this header cannot be set' : 'unknown key'
  return `${where(path, 'key')}: ${what}${near === null ? '' : `; did you mean ${near}?`}`
}

function gotText(values: unknown, path: KeyPath): string {
  const isSecret = path[0] === 'basic_auth_users' || path.at(-1) === 'key'
  const value = path.reduce<unknown>((node, key) => (isMapping(node) ? Reflect.get(node, key) : undefined), values)
  if (isSecret || isMapping(value)) return ''
  const text = JSON.stringify(value) ?? String(value)
  return ` (got ${text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS)}...` : text})`
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
