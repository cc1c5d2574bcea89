import { durationText } from '../../core/duration-text.ts'
import { escapeControls } from '../../lib/escape.ts'
import { closest } from '../../lib/suggest.ts'
import type { ReportFilters } from '../../report/options.ts'
import { describePeriod, localTime, type Period } from '../../report/period.ts'
import type { ReportRequest } from '../../report/request.ts'
import type { Output } from '../io.ts'
import { displayWidth } from '../terminal/width.ts'
import { wrap } from '../terminal/wrap.ts'

const LABEL_COLUMNS = 11

/** What a report shows, and of when; on two lines where one has no room for both. */
export function titleLines(title: string, period: string, { style, width }: Output): string[] {
  const isOneLine = displayWidth(title) + 2 + displayWidth(period) <= width
  if (isOneLine) return [`${style.bold(title)}  ${style.dim(period)}`]
  return [...wrap(title, width, 2).map(style.bold), ...wrap(period, width, 2).map(style.dim)]
}

/** A remark below a table: a label and running text beside it. */
export function noteLines(label: string, text: string, { style, width }: Output): string[] {
  return wrap(label.padEnd(LABEL_COLUMNS) + text, width, LABEL_COLUMNS).map(style.dim)
}

/** How current the figures are. */
export function freshnessLines({ freshness, context }: ReportRequest, out: Output): string[] {
  const { now, timeZone } = context
  const { origin, readAt, newest, isComplete } = freshness
  const read = {
    exporter: 'kept up to date by the running exporter',
    synced: 'logs read just now',
    saved: readAt === null ? 'no log read yet' : `logs last brought something new at ${localTime(readAt, timeZone)}`,
  }[origin]
  const response = newest === null ? 'no response yet' : newestText(newest, now, timeZone)
  const lines = noteLines('Freshness', `${response}; ${read}.`, out)
  if (!isComplete) lines.push(...wrap(INCOMPLETE[origin], out.width).map(out.style.yellow))
  return lines
}

function newestText(newest: number, now: number, timeZone: string): string {
  const text = `newest response ${localTime(newest, timeZone)}`
  return newest > now ? `${text}, which this clock has not reached yet` : `${text} (${durationText(now - newest)} ago)`
}

const INCOMPLETE = {
  exporter: 'The running exporter is still loading older logs: the figures are not complete yet.',
  synced: 'Some logs have not been read yet: the figures are not complete.',
  saved: 'Older logs have not been loaded yet: the figures are not complete. Leave out --no-sync to load them.',
} as const

/** Says what was looked for and what to do, when there is nothing to show. */
export async function emptyLines(request: ReportRequest, period: Period, { width }: Output): Promise<string[]> {
  const { span } = request.context
  const sentences = span === null ? emptyLedger(request) : await nothingFound(request, period, span)
  return sentences.flatMap((sentence) => wrap(sentence, width, 2))
}

async function nothingFound(
  { ledger, where, context }: ReportRequest,
  period: Period,
  span: { readonly first: number; readonly last: number },
): Promise<string[]> {
  const lines = [`No usage${filterText(where)} in this period: ${describePeriod(period, context)}.`]
  const known = await ledger.labels()
  for (const [name, value] of Object.entries(where) as [keyof ReportFilters, string][]) {
    const values = new Set(known.map((label) => label[name]))
    if (values.has(value)) continue
    const near = closest(value, values)
    const question = near === null ? '' : ` Did you mean ${escapeControls(near)}?`
    lines.push(`The ledger knows no ${name} "${escapeControls(value)}".${question}`)
  }
  if (span.last < period.from || span.first >= period.to) {
    const [first, last] = [span.first, span.last].map((instant) => localTime(instant, context.timeZone).slice(0, 10))
    lines.push(`It holds usage from ${first} to ${last}: --days all shows everything.`)
  }
  return lines
}

function emptyLedger({ freshness }: ReportRequest): string[] {
  if (freshness.origin !== 'synced') {
    return [
      'No usage yet: the ledger is empty.',
      'Without --no-sync, or with a running exporter, logs are read into it.',
    ]
  }
  return [
    'No usage yet: no session logs with token counts were found. Looked in:',
    ...freshness.roots.map(({ path, state, problem }) =>
      escapeControls(`- ${path}: ${problem ?? (state === 'missing' ? 'not there' : state)}`),
    ),
    'The settings sources.claude_code.roots, sources.openclaw.roots and sources.pi.roots name other folders.',
  ]
}

function filterText(where: ReportFilters): string {
  const parts = Object.entries(where).map(([name, value]) => `${name} "${escapeControls(value)}"`)
  return parts.length === 0 ? '' : ` of ${parts.join(', ')}`
}
