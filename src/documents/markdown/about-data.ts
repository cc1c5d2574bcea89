import { isoTime } from '../../core/period.ts'
import type { Overview } from '../../overview/overview.ts'
import { countText } from '../figures.ts'
import { timeText } from '../times.ts'
import { nameInCell } from './inline.ts'
import { left, table } from './table.ts'

/** Where the figures come from, how fresh they are, what the amounts are, and when this is written again. */
export function aboutDataLines(overview: Overview, nextAt: number | null): string[] {
  const { sources, status, timeZone, version } = overview
  const { lastUpdated, nextUpdate, generatedAt, unpricedTokens } = status
  return [
    ...(sources.rows.length === 0 ? [] : [...sourceTable(sources.rows), '']),
    `- Made ${timeText(generatedAt)} by claude-usage-exporter ${version}; ${lastUpdated === null ? 'no source was read yet' : `a source was last read ${timeText(lastUpdated)}`}.`,
    '- The last 7 days are 7 times 24 hours among the key figures and in advice, 7 days with today under causes, and the 7 whole days before today in the trend.',
    `- Days and times are of the zone ${timeZone}; what the provider billed is of UTC days.`,
    '- Estimated cost is tokens at the list price of their day, not an invoice. Plan value is the same for use that a flat-rate plan covers; the two are never added up.',
    ...(unpricedTokens === null || unpricedTokens === 0
      ? []
      : [
          `- ${countText(unpricedTokens)} tokens since the ledger began belong to models without a known price and are in no amount.`,
        ]),
    `- Next update of the data: ${nextUpdate === null ? 'session logs are followed all the time while the exporter runs' : `an organisation is read ${timeText(nextUpdate)}`}.${nextAt === null ? '' : ` Next report: ${timeText(isoTime(nextAt, timeZone))}.`}`,
  ]
}

function sourceTable(sources: readonly Source[]): string[] {
  return table(
    [left('Source'), left('What it is'), left('Last read'), left('Data until'), left('Read next')],
    sources.map((row) => [
      nameInCell(row.source),
      kindText(row),
      row.inUse ? `${timeText(row.lastSuccess)}${row.up === false ? ' (cannot be read now)' : ''}` : 'not in use',
      row.dataTo === null ? 'no data' : timeText(row.dataTo),
      nextText(row),
    ]),
  )
}

/** Whoever does not run the schedule of an organisation cannot tell when it is read. */
function nextText({ nextRun, kind }: Source): string {
  if (nextRun !== null) return timeText(nextRun)
  return kind === 'logs' ? 'followed while the exporter runs' : 'not known'
}

type Source = Overview['sources']['rows'][number]

function kindText({ kind, organization, files, dataTo }: Source): string {
  if (kind === 'api') return `reports of organisation ${nameInCell(organization ?? '')}`
  // How many files there are is known only where they were looked for.
  if (files === null || files === 0) return dataTo === null ? 'session logs (none found)' : 'session logs'
  return `session logs, ${countText(files)} ${files === 1 ? 'file' : 'files'}`
}
