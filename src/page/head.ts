import { createHash } from 'node:crypto'
import { type PageFrame, REFRESH_SECONDS } from './frame.ts'
import type { Headline } from './headline.ts'
import { Html, html } from './html.ts'

// Drawn here, so that no browser asks for a file that is not there.
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%230b5cad'/%3E%3Cpath d='M3 13V9h2v4zm4 0V6h2v7zm4 0V3h2v10z' fill='%23fff'/%3E%3C/svg%3E"

/** Everything before the body. */
export function pageHead({ state }: Headline, { assets }: PageFrame): Html {
  const title = `${state === null || state === 'ok' ? '' : `${state} · `}Agent usage and cost`
  return html`<head>
<meta charset="utf-8">
${assets.kind === 'inline' ? html`<meta http-equiv="Content-Security-Policy" content="${policyOf(assets)}">` : null}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="${ICON}">
${assets.kind === 'inline' ? inlined(assets) : linked(assets)}
</head>`
}

type Assets = PageFrame['assets']

function linked({ style, script }: Assets): Html {
  return html`<link rel="stylesheet" href="${style}">
<script type="module" src="${script}"></script>
<noscript><meta http-equiv="refresh" content="${REFRESH_SECONDS}"></noscript>`
}

function inlined(assets: Assets): Html {
  const [style, script] = [inlineText(assets.style), inlineText(assets.script)]
  return html`<style>${Html.trusted(style)}</style>
${script === '' ? null : html`<script type="module">${Html.trusted(script)}</script>`}`
}

/** Nothing in a text may end the element it stands in. `<\\/` means the same in strings of a script and of a style. */
function inlineText(text: string): string {
  return text.replace(/<\/(?=script|style)/gi, '<\\/')
}

function policyOf(assets: Assets): string {
  const [style, script] = [inlineText(assets.style), inlineText(assets.script)]
  return [
    "default-src 'none'",
    `style-src ${sourceOf(style)}`,
    `script-src ${script === '' ? "'none'" : sourceOf(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
