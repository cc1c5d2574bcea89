import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { stringify } from 'yaml'

/** What a template works with. Null is Go's nil. */
export type Value =
  | null
  | string
  | number
  | boolean
  | readonly Value[]
  | { readonly [name: string]: Value }
  | ((...args: readonly Value[]) => Value)

/** As `if` of Go's templates sees it. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value !== null && typeof value === 'object') return Object.keys(value).length > 0
  return Boolean(value)
}

/** The functions of Helm and Sprig that the chart uses, but for `include`. */
export const FUNCTIONS: Readonly<Record<string, (...args: readonly Value[]) => Value>> = {
  and: (...values) => firstOrLast(values, (value) => !isTrue(value)),
  or: (...values) => firstOrLast(values, isTrue),
  not: (value = null) => !isTrue(value),
  eq: (a = null, ...others) => others.some((b) => sameKind(a, b) && a === b),
  default: (fallback = null, value = null) => (isTrue(value) ? value : fallback),
  required: (message = null, value = null) => {
    if (value === null || value === '') throw new Error(textOf(message))
    return value
  },
  fail: (message = null) => {
    throw new Error(textOf(message))
  },
  dict: (...pairs) =>
    Object.fromEntries(
      pairs.flatMap((key, index) => (index % 2 === 0 ? [[textOf(key), pairs[index + 1] ?? null]] : [])),
    ),
  printf: (format = null, ...args) => {
    const rest = [...args]
    return textOf(format).replaceAll(/%(.)/g, (_, verb: string) => {
      if (verb !== 's') throw new Error(`printf: %${verb} is not known here`)
      return textOf(rest.shift() ?? null)
    })
  },
  quote: (value = null) => (value === null ? '' : JSON.stringify(scalarOf(value))),
  trunc: (length = null, text = null) => textOf(text).slice(0, Number(length)),
  trimSuffix: (suffix = null, text = null) =>
    suffix !== '' && textOf(text).endsWith(textOf(suffix)) ? textOf(text).slice(0, -textOf(suffix).length) : text,
  contains: (part = null, text = null) => textOf(text).includes(textOf(part)),
  replace: (from = null, to = null, text = null) => textOf(text).replaceAll(textOf(from), () => textOf(to)),
  regexMatch: (pattern = null, text = null) => new RegExp(textOf(pattern)).test(textOf(text)),
  base: (path = null) => basename(textOf(path)),
  sha256sum: (text = null) => createHash('sha256').update(textOf(text)).digest('hex'),
  nindent: (width = null, text = null) => `\n${indented(Number(width), textOf(text))}`,
  toYaml: (value = null) =>
    stringify(value, { sortMapEntries: true, lineWidth: 0, indentSeq: false, version: '1.1' }).replace(/\n$/, ''),
}

function firstOrLast(values: readonly Value[], fits: (value: Value) => boolean): Value {
  const index = values.findIndex(fits)
  return values[index < 0 ? values.length - 1 : index] ?? null
}

function indented(width: number, text: string): string {
  const pad = ' '.repeat(width)
  return pad + text.replaceAll('\n', `\n${pad}`)
}

/** Go's templates refuse to compare a text with a number; nil is equal to nothing else. */
function sameKind(a: Value, b: Value): boolean {
  if (a !== null && b !== null && typeof a !== typeof b) throw new Error('incompatible types for comparison')
  return true
}

function textOf(value: Value): string {
  if (typeof value !== 'string') throw new Error(`expected a text, got ${JSON.stringify(value)}`)
  return value
}

function scalarOf(value: Value): string {
  if (typeof value === 'object' || typeof value === 'function') throw new Error('quote: expected one value')
  return String(value)
}
