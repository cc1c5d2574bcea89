import { type Html, type HtmlValue, html } from './html.ts'

/** A part of the page, named by its heading. `note` stands beside the heading. */
export function section(id: string, heading: string, content: HtmlValue, note: HtmlValue = null): Html {
  return html`<section id="${id}" aria-labelledby="${id}-heading" class="card">
<div class="head"><h2 id="${id}-heading">${heading}</h2>${note === null ? null : html`<p class="note">${note}</p>`}</div>
${content}
</section>`
}

/** What is not there, and what to do about it: text, or paragraphs. */
export function empty(content: HtmlValue): Html {
  return html`<div class="empty">${typeof content === 'string' ? html`<p>${content}</p>` : content}</div>`
}
