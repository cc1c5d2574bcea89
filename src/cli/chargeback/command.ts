import { type Command, Option } from 'commander'
import { CHARGEBACK_GROUPINGS, type ChargebackGrouping } from '../../owners/chargeback.ts'
import type { MonthOptions } from '../../owners/months.ts'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

export const CHARGEBACK_FORMATS = ['table', 'csv', 'json'] as const
export type ChargebackFormat = (typeof CHARGEBACK_FORMATS)[number]

/** The options of `chargeback`, as parsed. */
export interface ChargebackOptions extends MonthOptions {
  readonly by?: ChargebackGrouping
  readonly detail?: boolean
  readonly format?: ChargebackFormat
  readonly output?: string
  readonly force?: boolean
  readonly sync: boolean
}

const DESCRIPTION =
  'Shows who is charged for what, month by month, by the rules under `owners` of the configuration: a row per owner, team and cost centre. What no rule takes is in the row "unallocated", so that the rows of a column always add up to all there is. Use is of session logs and of days in the configured zone; billed cost is what the provider told organisations, of UTC days: two views of partly the same use, never to be added up.'

const AFTER = `
Columns: Estimate is metered use at list price, Plan value use that a flat-rate plan covers, Billed what the provider
billed. Shared, with owners_share: proportional, is the share of cost of a whole organisation; it is part of what is
billed but unallocated. Dollars in the table are rounded so that each column adds up; CSV and JSON have every digit.

Examples:
  claude-usage-exporter chargeback                                the month so far
  claude-usage-exporter chargeback --month 2026-05 --by team      one month, a row per team
  claude-usage-exporter chargeback --since 2026-01 --until 2026-05 --format json
  claude-usage-exporter chargeback --month 2026-05 --detail --output may.csv --force`

/** Adds `chargeback`. */
export function addChargeback(program: Command, io: Io, helpGroup: string): void {
  program
    .command('chargeback')
    .helpGroup(helpGroup)
    .summary('who is charged for what, month by month')
    .description(DESCRIPTION)
    .option('--month <month>', 'The month, such as 2026-05; the present one unless given.')
    .option('--since <when>', 'First month or day, such as 2026-01 or 2026-01-15.')
    .option('--until <when>', 'Last month or day.')
    .addOption(new Option('--by <what>', 'A row for each of these only.').choices(CHARGEBACK_GROUPINGS))
    .option('--detail', 'What each row consists of: projects, agents and machines; workspaces, keys and kinds of cost.')
    .addOption(
      new Option('--format <format>', 'table, csv or json; by the ending of the file unless given.').choices(
        CHARGEBACK_FORMATS,
      ),
    )
    .option('--output <file>', 'File to write; - is standard output.', '-')
    .option('--force', 'Replace the file if it is there already.')
    .option('--no-sync', 'Show what the ledger holds without reading the logs first.')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runChargeback } = await import('./run.ts')
      await runChargeback(io, command)
    })
}
