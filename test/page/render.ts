import type { Overview } from '../../src/overview/overview.ts'
import { renderPage } from '../../src/page/page.ts'

/** The page as a server gives it. */
export function servedPage(overview: Overview): string {
  return renderPage(overview, {
    assets: { kind: 'linked', style: '/assets/page-1.css', script: '/assets/page-1.js' },
    telemetryPath: '/metrics',
  })
}

/** The page as a file that stands alone. */
export function filePage(overview: Overview, style = 'b{color:red}', script = 'go()'): string {
  return renderPage(overview, { assets: { kind: 'inline', style, script }, telemetryPath: null })
}
