import { escapeControls } from '../lib/escape.ts'

/** Markup that is safe to be part of a document. Only this file makes it. */
export class Html {
  readonly #markup: string

  private constructor(markup: string) {
    this.#markup = markup
  }

  /** Takes markup as it is: for what this program itself wrote, never for text from outside. */
  static trusted(markup: string): Html {
    return new Html(markup)
  }

  toString(): string {
    return this.#markup
  }
}

/** What a template may hold: text is escaped, lists are joined, null, undefined and booleans are left out. */
export type HtmlValue = Html | string | number | boolean | null | undefined | readonly HtmlValue[]

/**
 * A template of HTML. What is filled in is text, whoever wrote it, unless it is `Html` itself. Attributes must be quoted.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = parts[0] ?? ''
  for (const [index, value] of values.entries()) markup += markupOf(value) + (parts[index + 1] ?? '')
  return Html.trusted(markup)
}

/** Data for scripts: neither the end of the element nor a comment can stand in it. */
export function jsonScript(id: string, data: unknown): Html {
  const json = JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, unicodeEscape)
  return html`<script type="application/json" id="${id}">${Html.trusted(json)}</script>`
}

function markupOf(value: HtmlValue): string {
  if (value === null || value === undefined || typeof value === 'boolean') return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return escapeText(value)
  return value.map(markupOf).join('')
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
  ['`', '&#96;'],
])

function escapeText(text: string): string {
  return escapeControls(text)
    .replace(/\p{Cs}/gu, '\ufffd') // half a character cannot be written
    .replace(/[&<>"'`]/g, (character) => ENTITIES.get(character) ?? '')
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
