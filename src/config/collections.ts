import * as z from 'zod/mini'
import type { ValueType } from './value-type.ts'

/** A list. In the environment: with separators, or a JSON list for items that contain them. */
export function listOf<T>(item: ValueType<T>, plural: string, separator = ','): ValueType<readonly T[], ''> {
  const locate = item.locate?.bind(item)
  return {
    name: plural,
    schema: z.array(item.schema, { error: plural }),
    fromText: (text) => jsonOr('[]', text, () => separated(text, separator).map(item.fromText)),
    flag: 'repeated',
    unit: '',
    ...(locate && { locate: (items, absolute) => items.map((entry) => locate(entry, absolute)) }),
  }
}

/** A list of objects; in the environment as JSON. */
export function listOfObjects<T>(item: z.ZodMiniType<T>, plural: string): ValueType<readonly T[], ''> {
  return {
    name: plural,
    schema: z.array(item, { error: plural }),
    fromText: (text) => jsonOr('[]', text, () => text),
    flag: 'none',
    unit: '',
  }
}

/** What the names of a map look like. */
const NAME = /^\P{Cc}+$/u

/** Names with values of one kind. In the environment: `name=value,name=value`, or a JSON object. */
export function mapOf<T>(value: ValueType<T>, plural: string): ValueType<ReadonlyMap<string, T>, ''> {
  return {
    name: plural,
    schema: z.pipe(
      z.record(z.string().check(z.regex(NAME, { error: 'a name' })), value.schema, { error: plural }),
      // Looked up with names from logs, `constructor` among them: a plain object will not do.
      z.transform((record) => new Map(Object.entries(record))),
    ),
    fromText: (text) => jsonOr('{}', text, () => pairsFromText(text, value)),
    flag: 'none',
    unit: '',
  }
}

function separated(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function pairsFromText<T>(text: string, value: ValueType<T>): unknown {
  const pairs = separated(text, ',').map((pair) => /^([^=]+)=(.+)$/.exec(pair))
  if (pairs.includes(null)) return text
  return Object.fromEntries(pairs.map((pair) => [pair?.[1]?.trim(), value.fromText(pair?.[2]?.trim() ?? '')]))
}

function jsonOr(brackets: '[]' | '{}', text: string, otherwise: () => unknown): unknown {
  if (!text.startsWith(brackets.charAt(0)) || !text.endsWith(brackets.charAt(1))) return otherwise()
  try {
    return JSON.parse(text)
  } catch {
    return text // refused by the schema, with what was expected
  }
}
