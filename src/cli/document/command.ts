import { type Command, Option } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

/** Formats of `report`; a section is asked for by naming the file it stands in. */
export const REPORT_FORMATS = ['html', 'markdown', 'json', 'status'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** The options of `report`, as parsed. */
export interface DocumentOptions {
  readonly format?: ReportFormat
  readonly output?: string
  readonly updateSection?: string
  readonly sync: boolean
}

const DESCRIPTION =
  'Writes everything the page shows as one document: as a file that opens in a browser, as a report to read and to mail, or as JSON. Or it keeps a section of a Markdown file up to date. Beside a running exporter it writes what that has read; without one it reads the logs first.'

const AFTER = `
html      The page as one file that opens from disk: style and script are in it, and it asks nobody for anything.
markdown  Executive summary, key figures, budgets, trend, causes, alerts, advice with its formulas and a check-list.
json      The document of older scripts, as GET /claude-usage.json: weeklyTokens, monthlySpend and so on.
status    The document of GET /api/status, for widgets.

--update-section writes a short form between these two lines of a file, or behind its end where it has neither:
  <!-- claude-usage-exporter:begin -->
  <!-- claude-usage-exporter:end -->
Not a byte outside them changes. With markdown, --output may be given as well.

Files are replaced at once and keep their mode. To have them written by the clock, see \`reports\` in the configuration;
to write all of those now, see the command once.

Examples:
  claude-usage-exporter report
  claude-usage-exporter report --format html --output usage.html
  claude-usage-exporter report --output usage.md --no-sync
  claude-usage-exporter report --format json --output claude-usage.json
  claude-usage-exporter report --update-section STATUS.md`

/**
 * Adds `report`.
 *
 * @param finish takes the exit code
 */
export function addDocument(program: Command, io: Io, helpGroup: string, finish: (exitCode: number) => void): void {
  program
    .command('report')
    .helpGroup(helpGroup)
    .summary('write the page, a report or JSON to a file')
    .description(DESCRIPTION)
    .addOption(
      new Option(
        '--format <format>',
        'html, markdown, json or status; by the ending of the file unless given, else markdown.',
      ).choices(REPORT_FORMATS),
    )
    .option(
      '--output <file>',
      'File to write, in the place of an earlier one; standard output unless given, also as -.',
    )
    .option('--update-section <file>', 'Markdown file to keep a section in.')
    .option('--no-sync', 'Show what the ledger holds without reading the logs first.')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runDocument } = await import('./run.ts')
      finish(await runDocument(io, command))
    })
}
