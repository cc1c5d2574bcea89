import { createHash } from 'node:crypto'
import { Router } from 'express'
import { methodNotAllowed } from './problem.ts'

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

/** The page for people who open the address in a browser: what this is and where the metrics are. */
export function landingRouter({ version, telemetryPath }: { version: string; telemetryPath: string }): Router {
  const page = renderPage(version, telemetryPath)
  const router = Router()
  router
    .route('/')
    .get((_request, response) => {
      response.set('content-security-policy', CONTENT_SECURITY_POLICY).type('html').send(page)
    })
    .all(methodNotAllowed('GET', 'HEAD'))
  return router
}

function renderPage(version: string, telemetryPath: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>claude-usage-exporter</title>
<style>${STYLE}</style>
</head>
<body>
<h1>claude-usage-exporter</h1>
<p>Version ${escapeHtml(version)}. Token usage and cost of coding agents, from their session logs, for Prometheus.</p>
<ul>
<li><a href="${escapeHtml(telemetryPath)}">Metrics</a></li>
<li><a href="/-/healthy">Health</a></li>
<li><a href="/-/ready">Readiness</a></li>
</ul>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
