import { escapeControls } from '../../lib/escape.ts'
import { closest } from '../../lib/suggest.ts'
import { formatDuration } from '../terminal/figures.ts'
import type { Style } from '../terminal/style.ts'
import type { ReportFilters } from './options.ts'
import { describePeriod, localTime, type Period } from './period.ts'
import type { ReportRequest } from './request.ts'

/** How current the figures are, in a sentence or two. */
export function freshnessLines({ freshness, context }: ReportRequest, style: Style): string[] {
  const { now, timeZone } = context
  const { origin, readAt, newest, isComplete } = freshness
  const read = {
    exporter: 'kept up to date by the running exporter',
    synced: 'logs read just now',
    saved: readAt === null ? 'no log read yet' : `logs last brought something new at ${localTime(readAt, timeZone)}`,
  }[origin]
  const response =
    newest === null
      ? 'no response yet'
      : `newest response ${localTime(newest, timeZone)} (${formatDuration(now - newest)} ago)`
  const lines = [style.dim(`Freshness: ${response}; ${read}.`)]
  if (!isComplete) lines.push(style.yellow(INCOMPLETE[origin]))
  return lines
}

const INCOMPLETE = {
  exporter: 'The running exporter is still loading older logs: the figures are not complete yet.',
  synced: 'Some logs have not been read yet: the figures are not complete.',
  saved: 'Older logs have not been loaded yet: the figures are not complete. Leave out --no-sync to load them.',
} as const

/** Says what was looked for and what to do, when there is nothing to show. */
export async function emptyLines(request: ReportRequest, period: Period): Promise<string[]> {
  const { ledger, where, context } = request
  const { span, timeZone } = context
  if (span === null) return emptyLedgerLines(request)
  const lines = [`No usage${filterText(where)} from ${describePeriod(period, context)}.`]
  const known = await ledger.labels()
  for (const [name, value] of Object.entries(where) as [keyof ReportFilters, string][]) {
    const values = new Set(known.map((label) => label[name]))
    if (values.has(value)) continue
    const near = closest(value, values)
    const question = near === null ? '' : ` Did you mean ${escapeControls(near)}?`
    lines.push(`The ledger knows no ${name} "${escapeControls(value)}".${question}`)
  }
  if (span.last < period.from || span.first >= period.to) {
    const [first, last] = [span.first, span.last].map((instant) => localTime(instant, timeZone).slice(0, 10))
    lines.push(`It holds usage from ${first} to ${last}: --days all shows everything.`)
  }
  return lines
}

function emptyLedgerLines({ freshness }: ReportRequest): string[] {
  if (freshness.origin !== 'synced') {
    return [
      'No usage yet: the ledger is empty.',
      'Without --no-sync, or with a running exporter, logs are read into it.',
    ]
  }
  const lines = ['No usage yet: no session logs with token counts were found. Looked in:']
  for (const { path, state, problem } of freshness.roots) {
    lines.push(`  ${escapeControls(path)}: ${escapeControls(problem ?? (state === 'missing' ? 'not there' : state))}`)
  }
  lines.push('The settings sources.claude_code.roots, sources.openclaw.roots and sources.pi.roots name other folders.')
  return lines
}

function filterText(where: ReportFilters): string {
  const parts = Object.entries(where).map(([name, value]) => `${name} "${escapeControls(value)}"`)
  return parts.length === 0 ? '' : ` of ${parts.join(', ')}`
}
