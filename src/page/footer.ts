import type { Overview } from '../overview/overview.ts'
import type { PageFrame } from './frame.ts'
import { type Html, html } from './html.ts'
import { clockText } from './moment.ts'
import { plainNames } from './names.ts'

/** Where the same figures are for programs; in a file, what it was made from. */
export function pageFooter(overview: Overview, frame: PageFrame): Html {
  return frame.assets.kind === 'inline' ? madeFrom(overview) : links(frame)
}

function links({ telemetryPath }: PageFrame): Html {
  return html`<footer><nav aria-label="Elsewhere"><ul>
${telemetryPath === null ? null : html`<li><a href="${telemetryPath}">Metrics</a></li>`}
<li><a href="/api/status">Status (JSON)</a></li>
<li><a href="/api/openapi.json">Description of the API</a></li>
<li><a href="/-/healthy">Health</a></li>
<li><a href="/-/ready">Readiness</a></li>
<li><a href="https://github.com/claude-usage-exporter/claude-usage-exporter/tree/main/grafana">Dashboards for Grafana</a></li>
</ul></nav>
${HOW}</footer>`
}

function madeFrom({ status, timeZone, version, sources }: Overview): Html {
  const names = sources.rows.map(({ source }) => source)
  return html`<footer><p>Made on <time datetime="${status.generatedAt}">${clockText(status.generatedAt)}</time> (${timeZone}) by claude-usage-exporter ${version}, from ${names.length === 0 ? 'a ledger without sources' : plainNames(names.slice(0, 20))}. It does not change any more.</p>
${HOW}</footer>`
}

const HOW = html`<p class="soft">Estimated: tokens at list price, of use that is paid per token. Plan value: the same of use that a flat-rate plan covers, which nobody pays again. Billed: what the provider billed, by UTC days. They are never added up.</p>`
