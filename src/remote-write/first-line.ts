import { escapeControls } from '../lib/escape.ts'
import { cut } from '../lib/name-text.ts'

const MAX_UNITS = 200
/** Shorter ones would black out half of an answer, and protect nobody. */
const MIN_SECRET_UNITS = 4

/** First line of what a server answered, for the log: short, on one line and without what it should not repeat. */
export function firstLine(body: string, secrets: readonly string[]): string {
  let line = body
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length)
  for (const secret of longestFirst) {
    if (secret.length >= MIN_SECRET_UNITS) line = line.replaceAll(secret, '[redacted]')
  }
  return cut(escapeControls(line.trimStart().split(/[\r\n]/, 1)[0] ?? '').trim(), MAX_UNITS)
}
