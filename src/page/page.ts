import type { Overview } from '../overview/overview.ts'
import { pageFooter } from './footer.ts'
import type { PageFrame } from './frame.ts'
import { pageHead } from './head.ts'
import { headlineOf } from './headline.ts'
import { html } from './html.ts'
import type { Moment } from './moment.ts'
import { adviceSection } from './sections/advice.ts'
import { alertsSection } from './sections/alerts.ts'
import { balancesSection } from './sections/balances.ts'
import { budgetsSection } from './sections/budgets.ts'
import { cacheSection } from './sections/cache.ts'
import { runsSection } from './sections/runs.ts'
import { sourcesSection } from './sections/sources.ts'
import { stateSection } from './sections/state.ts'
import { tilesSection } from './sections/tiles.ts'
import { trendSection } from './sections/trend.ts'
import { agentsSection, modelsSection, projectsSection, sessionsSection } from './sections/usage-lists.ts'
import { windowsSection } from './sections/windows.ts'

export { type PageFrame, REFRESH_SECONDS } from './frame.ts'

/** The page as a whole document of HTML. */
export function renderPage(overview: Overview, frame: PageFrame): string {
  const { at, timeZone } = overview
  const moment: Moment = { at, timeZone, isLive: frame.assets.kind === 'linked' }
  const headline = headlineOf(overview)
  const windows = windowsSection(overview, moment)
  const hasWindows = overview.windows.rows.length > 0
  return html`<!doctype html>
<html lang="en">
${pageHead(headline, frame)}
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><h1>Agent usage and cost</h1><p class="soft">claude-usage-exporter ${overview.version}</p></header>
<main id="content" tabindex="-1">
${stateSection(overview, headline, moment)}
${tilesSection(overview)}
<div class="now">${trendSection(overview)}
${budgetsSection(overview, moment)}</div>
<div class="side">${alertsSection(overview)}
${hasWindows ? windows : null}
${adviceSection(overview)}
${cacheSection(overview)}
${hasWindows ? null : windows}
${balancesSection(overview)}
${modelsSection(overview)}</div>
<div class="use">${agentsSection(overview)}
${projectsSection(overview)}
${sessionsSection(overview, moment)}</div>
<div class="origin">${sourcesSection(overview, moment)}
${runsSection(overview, moment)}</div>
</main>
${pageFooter(overview, frame)}
</body>
</html>
`.toString()
}
