import { OperatorError } from '../core/errors.ts'
import { escapeControls } from '../lib/escape.ts'

/** Something wrong with the configuration. */
export interface Problem {
  /** Where, what, and what was seen. */
  readonly text: string
  readonly fix?: string
  /** Path of the setting it makes unusable. */
  readonly setting?: string
}

const MAX_SHOWN = 25
const MAX_VALUE_CHARACTERS = 60
const LONG_PART = /(?<=[/=])[\w-]{16,}/g

/** All problems as one error for the person who runs the program. */
export function configError(problems: readonly Problem[]): OperatorError {
  const texts = problems.slice(0, MAX_SHOWN).map((problem) => escapeControls(problem.text))
  if (problems.length > MAX_SHOWN) texts.push(`and ${problems.length - MAX_SHOWN} more`)
  const fixes = new Set(problems.flatMap((problem) => problem.fix ?? []))
  const message =
    problems.length === 1
      ? `Invalid configuration: ${texts[0]}`
      : `Invalid configuration, ${problems.length} problems:\n  ${texts.join('\n  ')}`
  return new OperatorError(message, fixes.size > 0 ? { fix: [...fixes].join('\n') } : {})
}

/** A value as it was given, short enough for a message, without keys and passwords that stand in the wrong place. */
export function shown(value: unknown): string {
  const whole = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  const text = whole
    .replace(/sk-ant-[\w-]+/g, 'sk-ant-[redacted]')
    .replace(/\/\/[^/"\s]*@/g, '//[redacted]@')
    // Whoever knows the URL of a webhook may post there.
    .replace(
      /(:\/\/[^/"\s]*)([^"\s]*)/g,
      (_, host: string, rest: string) => host + rest.replace(LONG_PART, '[redacted]'),
    )
  return text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS)}...` : text
}
