import { escapeControls } from '../../lib/escape.ts'

/** Longest name, and longest sentence, that is shown in full, in characters. */
const MAX_NAME = 80
const MAX_SENTENCE = 700

/**
 * A name from outside as a code span: nothing in it is markup, a link, a mention or a reference, wherever the document is
 * shown. For running text; a cell of a table takes `nameInCell`.
 */
export function name(text: string): string {
  return codeSpan(visible(text, MAX_NAME))
}

/** The same for a cell of a table, where a bar would end the cell. */
export function nameInCell(text: string): string {
  // A reader may take `\\|` for an escaped backslash and the end of the cell: then no backslash stands before a bar.
  return codeSpan(
    visible(text, MAX_NAME)
      .replace(/\\(?=\\*\|)/g, '\\u005c')
      .replaceAll('|', '\\|'),
  )
}

/** Something to be taken literally, such as a formula, on one line. */
export function literal(text: string): string {
  return codeSpan(visible(text, MAX_SENTENCE))
}

/** A sentence that may hold names from outside: what would be markup stands in it as it is. For cells as well. */
export function sentence(text: string): string {
  const words = visible(text, MAX_SENTENCE).trim().split(/(\s+)/)
  const escaped = words.map((word) => (isReference(word) ? spanOutOfWord(word) : escapeMarkup(word))).join('')
  // At its beginning it must be no list.
  return escaped.replace(/^(\d+)(?=[.)](\s|$))|^(?=[-+=])/, '$1\\')
}

/** Mentions, references and addresses become links after markup is read, so that no backslash stops them. */
function isReference(word: string): boolean {
  return /@|#|:\/\/|^\W*www\./i.test(word)
}

/** In sentences, punctuation around a word is none of it. Bars have no place in a span that may stand in a cell. */
function spanOutOfWord(word: string): string {
  const [, before = '', inner = '', after = ''] = /^(["'(]*)(.*?)([)"'.,:;!?]*)$/s.exec(word) ?? []
  if (inner === '') return escapeMarkup(word)
  return escapeMarkup(before) + codeSpan(inner.replaceAll('|', '\\u007c')) + escapeMarkup(after)
}

function escapeMarkup(text: string): string {
  return text.replace(/[\\`*_{}[\]<>&|~#]/g, '\\$&')
}

/** On one line, with controls and direction marks in sight, and not longer than anybody reads. */
function visible(text: string, limit: number): string {
  const whole = escapeControls(text).replace(/\p{Cs}/gu, '\ufffd')
  if (whole.length <= limit) return whole
  const characters = Array.from(whole.slice(0, limit * 2 + 2))
  return characters.length <= limit ? whole : `${characters.slice(0, limit - 1).join('')}…`
}

function codeSpan(text: string): string {
  if (text.trim() === '') return '(empty)'
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  // A blank at both ends is taken away by whoever reads it.
  const isPadded = /^`|`$/.test(text) || (text.startsWith(' ') && text.endsWith(' '))
  return isPadded ? `${fence} ${text} ${fence}` : fence + text + fence
}
