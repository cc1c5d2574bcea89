import * as z from 'zod/mini'
import { parseByteSize } from '../lib/byte-size.ts'
import { parseDuration } from '../lib/duration.ts'
import { isTimeZone } from '../lib/time-zone.ts'
import { accepting, type ValueType } from './value-type.ts'

export const toggle: ValueType<boolean, ''> = {
  name: 'true or false',
  schema: z.boolean({ error: 'true or false' }),
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  flag: 'switch',
  unit: '',
}

export const text = textMatching('text', 'text on one line', (value) => value !== '')
export const textOrNone = textMatching('text', 'text on one line', () => true)

/** A whole number, both bounds included. */
export function integer(min: number, max: number): ValueType<number, ''> {
  const expected = `a whole number from ${min} to ${max}`
  return {
    name: 'number',
    schema: accepting(expected, (value) => (Number.isInteger(value) ? within(Number(value), min, max) : undefined)),
    fromText: numberFromText,
    flag: 'single',
    unit: '',
  }
}

/** A number with or without decimals, both bounds included. */
export function decimal(min: number, max: number): ValueType<number, ''> {
  const expected = `a number from ${min} to ${max}`
  return {
    name: 'number',
    schema: accepting(expected, (value) => (typeof value === 'number' ? within(value, min, max) : undefined)),
    fromText: numberFromText,
    flag: 'single',
    unit: '',
  }
}

export function choice<const Word extends string>(words: readonly Word[]): ValueType<Word, ''> {
  return {
    name: words.join(', '),
    schema: z.enum(words, { error: `one of ${words.join(', ')}` }),
    fromText: (text) => text,
    flag: 'single',
    unit: '',
  }
}

/** Typed in milliseconds. The bounds are written as in the configuration and included. */
export function duration(min: string, max: string): ValueType<number, 'Ms'> {
  const [minMs, maxMs] = [parseDuration(min) ?? 0, parseDuration(max) ?? 0]
  const expected = `a duration from ${min} to ${max}, such as 90s, 10m or 1h30m`
  return {
    name: 'duration',
    schema: accepting(expected, (value) => (isScalar(value) ? within(parseDuration(value), minMs, maxMs) : undefined)),
    fromText: (text) => text,
    flag: 'single',
    unit: 'Ms',
  }
}

/** Typed in bytes. The bounds are written as in the configuration and included. */
export function byteSize(min: string, max: string): ValueType<number, 'Bytes'> {
  const [minBytes, maxBytes] = [parseByteSize(min) ?? 0, parseByteSize(max) ?? 0]
  const expected = `a size from ${min} to ${max}, such as 64MiB`
  return {
    name: 'size',
    schema: accepting(expected, (value) =>
      isScalar(value) ? within(parseByteSize(value), minBytes, maxBytes) : undefined,
    ),
    fromText: (text) => text,
    flag: 'single',
    unit: 'Bytes',
  }
}

/** A file or folder; `~` is the home folder, a relative one starts where it was written. */
export const path: ValueType<string, ''> = {
  ...textMatching('path', 'a path', (value) => value !== ''),
  locate: (value, absolute) => absolute(value),
}

/** A file or folder, or `''` for none. */
export const pathOrNone: ValueType<string, ''> = {
  ...textMatching('path', 'a path', () => true),
  locate: (value, absolute) => (value === '' ? value : absolute(value)),
}

export const timeZone = textMatching('time zone', 'an IANA time zone such as Europe/Berlin or UTC', isTimeZone)

export const hostName = textMatching('host name', 'a host name without port', (value) =>
  /^[\w-]+(\.[\w-]+)*$/.test(value),
)

const RESERVED_PATHS = /^\/(-|api|healthz|readyz)(\/|$)/

/** Path under which something of our own is served. */
export const urlPath = textMatching(
  'URL path',
  'a path such as /metrics, outside /-/, /api/, /healthz and /readyz',
  (value) => /^(\/[\w.~-]+)+$/.test(value) && !RESERVED_PATHS.test(value),
)

/** Text on one line that fits a condition. */
export function textMatching(
  name: string,
  expected: string,
  isFine: (value: string) => boolean,
): ValueType<string, ''> {
  return {
    name,
    schema: accepting(expected, (value) =>
      typeof value === 'string' && !/\p{Cc}/u.test(value) && isFine(value) ? value : undefined,
    ),
    fromText: (value) => value,
    flag: 'single',
    unit: '',
  }
}

function within(value: number | null, min: number, max: number): number | undefined {
  return value !== null && value >= min && value <= max ? value : undefined
}

function numberFromText(text: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}
