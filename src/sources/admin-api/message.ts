import { escapeControls } from '../../lib/escape.ts'

const MAX_LENGTH = 300

/** Text from outside as part of a message: one line, at most 300 characters, without anything that looks like a key. */
export function safeText(text: string, secret: string | null): string {
  const withoutSecret = secret === null || secret === '' ? text : text.replaceAll(secret, '[key]')
  const clean = escapeControls(
    withoutSecret
      .replace(/sk-ant-[\w.~+/=-]*/gi, '[key]')
      .replace(/\s+/g, ' ')
      .trim(),
  )
  return clean.length > MAX_LENGTH ? `${[...clean].slice(0, MAX_LENGTH - 1).join('')}…` : clean
}

export function looksLikeHtml(text: string): boolean {
  return /^\s*<(!doctype|html|head|body|\?xml|!--)/i.test(text)
}
