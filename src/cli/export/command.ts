import { Command, InvalidArgumentError, Option } from 'commander'
import type { ReportOptions } from '../../report/options.ts'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'
import { addReportOptions } from '../report/options.ts'

export const EXPORT_TYPES = ['usage', 'billed', 'api'] as const
export type ExportType = (typeof EXPORT_TYPES)[number]

/** The options of `export`, as parsed. */
export interface ExportOptions extends Omit<ReportOptions, 'by'> {
  readonly type: ExportType
  readonly format?: 'csv' | 'json'
  readonly output: string
  readonly force?: boolean
  readonly header: boolean
  /** As given; what the words may be depends on the type. */
  readonly by?: readonly string[]
  readonly tz?: string
  readonly sync: boolean
}

const DESCRIPTION =
  'Writes use as a table for spreadsheets and programs: a row per day, source, agent, project, provider and model unless --by says otherwise, of the last 30 days. However many years, only a few days of them are in memory. Beside a running exporter it writes what that has read; without one it reads the logs first.'

const AFTER = `
Columns: those of --by, then input_tokens, cache_write_5m_tokens, cache_write_1h_tokens, cache_read_tokens,
output_tokens, total_tokens, requests, web_searches, estimated_cost_usd, plan_value_usd, unpriced_tokens and
cache_hit_ratio. Rows ascend by day, then by the columns of --by. Numbers have all their digits and no separators.

--type billed: what the provider billed an organisation, and --type api: the tokens it counted. Days are UTC there;
--by takes day, organization, workspace, api_key, model, service_tier, context_window, cost_type, token_type and
description.

CSV is UTF-8 with a line feed after each row; cells are quoted as RFC 4180 has it. Above the names of the columns stand
lines that begin with #: period, zone, filters, prices; --no-header leaves those out. Text that a spreadsheet would take
for a formula, because it begins with = + - @, a tab or a carriage return (also behind a semicolon), has an apostrophe
before that character; control characters are written as \\uXXXX.

Examples:
  claude-usage-exporter export --output usage.csv
  claude-usage-exporter export --days all --by day,project --output - --no-header
  claude-usage-exporter export --since 2026-05 --by session,model --format json --output may.json
  claude-usage-exporter export --type billed --days 90 --output billed.csv --force`

/** Options of the reports that mean the same here. */
const SHARED = new Set(
  [
    'days',
    'since',
    'until',
    'tz',
    'source',
    'agent',
    'project',
    'model',
    'provider',
    'branch',
    'billing',
    'machine',
  ].map((name) => `--${name}`),
)

/**
 * Adds `export`.
 *
 * @param finish takes the exit code
 */
export function addExport(program: Command, io: Io, helpGroup: string, finish: (exitCode: number) => void): void {
  const command = program
    .command('export')
    .helpGroup(helpGroup)
    .summary('use as CSV or JSON, for spreadsheets and programs')
    .description(DESCRIPTION)
    .addOption(
      new Option(
        '--type <type>',
        'What to write: `usage` of session logs, or what an organisation is `billed`, or `api`.',
      )
        .choices(EXPORT_TYPES)
        .default('usage' satisfies ExportType),
    )
    .addOption(
      new Option('--format <format>', 'csv, or json; by the ending of the file unless given.').choices(['csv', 'json']),
    )
    .requiredOption('--output <file>', 'File to write; - is standard output.')
    .option('--force', 'Replace the file if it is there already.')
    .option('--no-header', 'CSV without the remarks above the names of the columns.')
    .addOption(
      new Option(
        '--by <list>',
        'A row per day, source, agent, project, provider, model, branch, billing, machine or session; several with commas.',
      ).argParser(words),
    )
    .option('--no-sync', 'Write what the ledger holds without reading the logs first.')
  const shared = addReportOptions(new Command()).options.filter(({ long }) => SHARED.has(long ?? ''))
  for (const option of shared) command.addOption(option)
  command.addHelpText('after', helpBelow(AFTER)).action(async (_options, self: Command) => {
    const { runExport } = await import('./run.ts')
    finish(await runExport(io, self))
  })
}

function words(text: string): string[] {
  const list = text.split(',').map((word) => word.trim())
  if (list.includes('')) throw new InvalidArgumentError('Give names with commas between them.')
  return [...new Set(list)]
}
