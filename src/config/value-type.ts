import * as z from 'zod/mini'

/**
 * How one kind of value is written, checked and explained. `Unit` is what the value's name in the typed configuration
 * ends in: `quiet_time` is `quietTimeMs` there.
 */
export interface ValueType<T, Unit extends string = string> {
  /** A word or two for tables and help: `duration`. */
  readonly name: string
  /** Takes the YAML form, gives the typed value. Its messages complete "expected ...". */
  readonly schema: z.ZodMiniType<T>
  /** The YAML form of an environment variable's text. Text that has none comes back as it is, for the schema to refuse. */
  readonly fromText: (text: string) => unknown
  /** How it is given on the command line: `repeated` once per item, `none` not at all. */
  readonly flag: 'switch' | 'single' | 'repeated' | 'none'
  readonly unit: Unit
  /** Makes relative paths absolute. Only for types whose values have the same form in YAML. */
  locate?(value: T, absolute: (path: string) => string): T
}

/** A schema over a function that gives undefined for what it does not accept. */
export function accepting<T>(expected: string, accept: (value: unknown) => T | undefined): z.ZodMiniType<T> {
  return z.pipe(
    z.unknown(),
    z.transform((value, context) => {
      const accepted = accept(value)
      if (accepted !== undefined) return accepted
      context.issues.push({ code: 'custom', input: value, message: expected })
      return z.NEVER
    }),
  )
}
