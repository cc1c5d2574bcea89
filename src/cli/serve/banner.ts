import { isIPv6 } from 'node:net'
import type { Config } from '../../config/config.ts'
import type { ListenAddress } from '../../http/server.ts'
import { escapeControls } from '../../lib/escape.ts'
import { VERSION } from '../../lib/version.ts'
import type { Style } from '../terminal/style.ts'

/**
 * What somebody who starts the exporter in a terminal wants to know next.
 *
 * @param demoFile configuration of the demo, where it is one
 */
export function bannerLines(
  config: Config,
  {
    addresses,
    scheme,
    ledger,
  }: { readonly ledger: string; readonly addresses: readonly ListenAddress[]; readonly scheme: 'http' | 'https' },
  style: Style,
  demoFile: string | null,
): string[] {
  const [first] = addresses
  if (first === undefined) return []
  const base = `${scheme}://${addressText(browsable(first))}`
  const row = (label: string, text: string) => `  ${style.dim(label.padEnd(9))}${text}`
  return [
    style.bold(`claude-usage-exporter ${VERSION}`),
    row('Metrics', style.cyan(base + config.web.telemetryPath)),
    row('Page', style.cyan(`${base}/`)),
    row('Ledger', escapeControls(ledger)),
    row('Zone', config.timeZone),
    ...(demoFile === null
      ? [style.dim('Figures in another terminal: claude-usage-exporter summary. Ctrl-C stops.')]
      : [
          style.yellow('All figures are made up. In a few minutes an agent runs away. Ctrl-C stops.'),
          style.dim('Figures in another terminal (budgets, runs, backfill and so on in the same way):'),
          `  claude-usage-exporter summary --no-sync --config.file ${escapeControls(demoFile)}`,
        ]),
    '',
  ]
}

/** `127.0.0.1:10061`, `[::1]:10061` */
export function addressText({ host, port }: ListenAddress): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}

/** An address of all interfaces is none that a browser can open. */
function browsable({ host, port }: ListenAddress): ListenAddress {
  return { host: host === '' || host === '::' || host === '0.0.0.0' ? 'localhost' : host, port }
}
