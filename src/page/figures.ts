import { type Html, html } from './html.ts'
import { compactText, countText, ratioText, usdText } from './numbers.ts'

/**
 * Figures with their exact value. `path` is where the document of the API has it, from `Overview` on, but for figures
 * of the status document, whose name is left out.
 */

/** Dollars; `reason` says why they are not known. */
export function usd(value: number | null, path: string | null, reason = 'not known'): Html {
  return value === null ? unknown(reason) : data(value, usdText(value), path)
}

/** Tokens: short, exact in the title. */
export function tokens(value: number | null, path: string | null, reason = 'not known'): Html {
  if (value === null) return unknown(reason)
  const short = compactText(value)
  const exact = countText(value)
  return data(value, short, path, short === exact ? null : `${exact} tokens`)
}

/** Tokens in a table: short, exact for programs. */
export function tokensInTable(value: number, path: string): Html {
  return data(value, compactText(value), path)
}

export function count(value: number | null, path: string | null, reason = 'not known'): Html {
  return value === null ? unknown(reason) : data(value, countText(value), path)
}

/** Per cent, as it is: above 100 when over. */
export function ratio(value: number | null, path: string | null, reason = 'not known'): Html {
  return value === null ? unknown(reason) : data(value, ratioText(value), path)
}

/** An amount of a budget. */
export function amount(value: number | null, unit: 'usd' | 'tokens', path: string | null, reason?: string): Html {
  return unit === 'usd'
    ? usd(value, path, reason)
    : html`${tokens(value, path, reason)}${value === null ? null : ' tokens'}`
}

/** The same as plain text. */
export function amountText(value: number, unit: 'usd' | 'tokens'): string {
  return unit === 'usd' ? usdText(value) : `${compactText(value)} tokens`
}

/** What is not known is never 0. */
function unknown(reason: string): Html {
  return html`<span class="unknown" title="${reason}">unknown</span>`
}

/** Nothing to show, and why. */
export function nothing(reason: string): Html {
  return html`<abbr class="unknown" title="${reason}">–</abbr>`
}

function data(value: number, text: string, path: string | null, title: string | null = null): Html {
  const titled = title === null ? null : html` title="${title}"`
  if (path === null) return titled === null ? html`${text}` : html`<span${titled}>${text}</span>`
  return html`<data value="${value}" data-figure="${path}"${titled}>${text}</data>`
}
