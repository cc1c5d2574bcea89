import { type Html, html } from './html.ts'

/** Characters of a name that are shown, and that its title holds. */
const SHOWN = 64
const IN_TITLE = 128

/** What no other text can be turned by. */
const ASCII = /^[\x20-\x7e]*$/

/** A name from outside: kept from turning the text around it, and cut where it is very long. */
export function name(text: string): Html {
  const short = cut(text, SHOWN)
  if (text === '') return html`<i class="soft">empty</i>`
  if (short !== text) return html`<bdi title="${cut(text, IN_TITLE)}">${short}</bdi>`
  return ASCII.test(text) ? html`${text}` : html`<bdi>${text}</bdi>`
}

/** An agent; the main one of a source has no name of its own. */
export function agentName(text: string): Html {
  return text === 'none' ? html`<i>main agent</i>` : name(text)
}

/** Enough of a session's id to tell it from others. */
export function sessionName(id: string): Html {
  return id.length > 12 ? html`<bdi title="${cut(id, IN_TITLE)}">${cut(id, 8)}</bdi>` : name(id)
}

/** Names in one line of plain text. */
export function plainNames(names: readonly string[]): string {
  return names.map((text) => cut(text, SHOWN)).join(', ')
}

/** Sentences from outside may be long; what is told of them is not without an end. */
export function sentence(text: string): Html {
  return html`${cut(text, 500)}`
}

/** Keys of rows, bounded. */
export function keyOf(...parts: readonly string[]): string {
  return parts.map((part) => cut(part, IN_TITLE)).join('/')
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text
  // Whole characters only, and no more work than is shown.
  return `${[...text.slice(0, 2 * most)].slice(0, most).join('')}…`
}
