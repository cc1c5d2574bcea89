import * as z from 'zod/mini'
import { closest } from '../lib/suggest.ts'
import { isTimeZone } from '../lib/time-zone.ts'
import { badParameter } from './problem.ts'

/** One parameter of a query: what it means, what it may be, and how its text is read. */
export interface Parameter<T> {
  readonly about: string
  /** What it takes, in words: `The parameter "days" takes ...`. */
  readonly takes: string
  readonly schema: z.ZodMiniType<T>
  /** The value that the texts stand for; the schema says whether it is right. */
  readonly read: (texts: readonly string[]) => unknown
  /** Words that it takes, where these are all. */
  readonly words?: readonly string[]
  readonly isList?: boolean
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>

/** Parameters that were given, by name. */
export type Values<P extends Parameters> = {
  readonly [Name in keyof P]?: P[Name] extends Parameter<infer T> ? T : never
}

/** Anything longer is no value that any parameter takes, and nothing to repeat in an answer. */
const SHOWN_LENGTH = 100

export function integer(about: string, from: number, to: number): Parameter<number> {
  return {
    about,
    takes: `a whole number from ${from} to ${to}`,
    schema: z.int().check(z.gte(from), z.lte(to)),
    read: ([text = '']) => (/^\d{1,15}$/.test(text) ? Number(text) : text),
  }
}

/** A number of days, or `all`. */
export function daysOrAll(about: string, to: number): Parameter<number | 'all'> {
  const days = integer(about, 1, to)
  return {
    about,
    takes: `${days.takes}, or all`,
    schema: z.union([days.schema, z.literal('all')]),
    read: days.read,
  }
}

export function oneOf<const Word extends string>(about: string, words: readonly Word[]): Parameter<Word> {
  return { about, takes: `one of ${words.join(', ')}`, words, schema: z.enum(words), read: ([text]) => text }
}

/** Several words, with commas or as several parameters of the name; repeated ones count once. */
export function someOf<const Word extends string>(about: string, words: readonly Word[]): Parameter<Word[]> {
  return {
    about,
    takes: `any of ${words.join(', ')}, with commas between several`,
    words,
    isList: true,
    schema: z.array(z.enum(words)).check(z.minLength(1)),
    read: (texts) => [...new Set(texts.flatMap((text) => text.split(',')).map((word) => word.trim()))],
  }
}

/** Any text that is not empty. */
export function name(about: string): Parameter<string> {
  return {
    about,
    takes: 'a name of 1 to 1000 characters',
    schema: z.string().check(z.minLength(1), z.maxLength(1_000)),
    read: ([text]) => text,
  }
}

/** A month of the calendar. */
export function month(about: string): Parameter<string> {
  return {
    about,
    takes: 'a month from 1970 on, such as 2026-05',
    schema: z.string().check(z.regex(/^(?:19[7-9]\d|[2-9]\d{3})-(?:0[1-9]|1[0-2])$/)),
    read: ([text]) => text,
  }
}

const DAY = String.raw`\d{4}-\d{2}-\d{2}`
const CLOCK = String.raw`\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?`
const INSTANT = new RegExp(`^${DAY}(?:T${CLOCK}(?:Z|[+-]\\d{2}:\\d{2})?)?$`)

/** A day, or a time of RFC 3339, in which the offset may be left out for that of the zone. */
export function instant(about: string): Parameter<string> {
  return {
    about,
    takes: 'a day such as 2026-05-04, or a time such as 2026-05-04T09:30:00Z',
    schema: z.string().check(z.regex(INSTANT)),
    // A plus sign that was not encoded arrives as a blank.
    read: ([text = '']) => text.replace(/ (\d{2}:\d{2})$/, '+$1'),
  }
}

export function timeZone(about: string): Parameter<string> {
  return {
    about,
    takes: 'the name of a time zone such as Europe/Berlin or UTC',
    schema: z.string().check(z.refine(isTimeZone)),
    read: ([text]) => text,
  }
}

/** The parameters of a query as values. Throws ApiProblem, which names the parameter, for anything else in it. */
export function readQuery<P extends Parameters>(parameters: P, query: URLSearchParams): Values<P> {
  const values: Record<string, unknown> = {}
  for (const given of new Set(query.keys())) {
    const parameter = Object.hasOwn(parameters, given) ? parameters[given] : undefined
    if (parameter === undefined) throw unknownParameter(given, Object.keys(parameters))
    values[given] = checkedValue(given, parameter, query.getAll(given))
  }
  return values as Values<P>
}

function checkedValue(given: string, parameter: Parameter<unknown>, texts: readonly string[]): unknown {
  if (texts.length > 1 && parameter.isList !== true) {
    throw badParameter(given, `The parameter "${given}" may be given once only.`)
  }
  const value = parameter.read(texts)
  if (parameter.schema.safeParse(value).success) return value
  const wrong = wrongText(texts.join(','), value, parameter)
  throw badParameter(
    given,
    `The parameter "${given}" takes ${parameter.takes}; it was "${shown(wrong)}".${hint(wrong, parameter)}`,
  )
}

/** Of a list, the word that is wrong. */
function wrongText(text: string, value: unknown, { words }: Parameter<unknown>): string {
  if (!Array.isArray(value) || words === undefined) return text
  return value.map(String).find((word) => !words.includes(word)) ?? text
}

function hint(wrong: string, { words = [] }: Parameter<unknown>): string {
  const near = closest(wrong, words)
  return near === null ? '' : ` Did you mean ${near}?`
}

function unknownParameter(given: string, names: readonly string[]) {
  const near = closest(given, names)
  const taken = names.length === 0 ? 'This path takes no parameters.' : `This path takes ${names.join(', ')}.`
  return badParameter(
    shown(given),
    `There is no parameter "${shown(given)}" here. ${near === null ? taken : `Did you mean ${near}?`}`,
  )
}

function shown(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}
