/** A parsed JSON object. Read it by fixed names only: its keys are as untrusted as the log they came from. */
export type JsonObject = Readonly<Record<string, unknown>>

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}

/** Everything below the space: JSON has none of it inside a text. */
const CONTROL_CHARACTERS = /[^\u{20}-\u{10ffff}]/gu
const ESCAPES = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\/g

/**
 * The object a line of JSON holds; null where it is not JSON or not an object. Damage inside the texts of a line is no
 * reason to lose its numbers: raw control characters (a NUL left by a crash) read as spaces, an escape that JSON does
 * not know as a backslash.
 */
export function parseObject(text: string): JsonObject | null {
  const value = parse(text)
  if (value !== undefined) return asObject(value)
  const mended = mend(text)
  return mended === text ? null : asObject(parse(mended))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function mend(text: string): string {
  return text.replace(CONTROL_CHARACTERS, ' ').replace(ESCAPES, (found) => (found === '\\' ? '\\\\' : found))
}
