import { createHash } from 'node:crypto'
import type { Response } from 'express'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; }
p { margin-top: 0.25rem; }
`
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Answers with a page that has nothing but text. */
function sendPlainPage(response: Response, heading: string, content: string): void {
  response
    .set('content-security-policy', CONTENT_SECURITY_POLICY)
    .type('html')
    .send(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
${content}
</main>
</body>
</html>
`)
}

/** For a server without ledger: what this is and where the metrics are. */
export function sendIndex(response: Response, version: string, telemetryPath: string): void {
  sendPlainPage(
    response,
    'claude-usage-exporter',
    `<p>Version ${escapeHtml(version)}. Token usage and cost of coding agents, from their session logs, for Prometheus.</p>
<ul>
<li><a href="${escapeHtml(telemetryPath)}">Metrics</a></li>
<li><a href="/-/healthy">Health</a></li>
<li><a href="/-/ready">Readiness</a></li>
</ul>`,
  )
}

/** For now the page cannot be made. */
export function sendBusy(response: Response, reason: string, retryAfterSeconds: number): void {
  response.status(503).set({ 'cache-control': 'no-store', 'retry-after': String(retryAfterSeconds) })
  sendPlainPage(
    response,
    'One moment, please',
    `<p>The page cannot be shown right now. ${escapeHtml(reason)}</p>
<p>Nothing is lost. <a href="/">Try again</a></p>`,
  )
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
