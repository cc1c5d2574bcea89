import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseInstant } from '../../core/period.ts'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

/** The options of `prices`, as parsed. */
export interface PricesOptions {
  /** First instant of a UTC day, epoch milliseconds. */
  readonly at?: number
  readonly model?: string
  readonly all?: boolean
  readonly json?: boolean
}

const DESCRIPTION =
  'Lists what a million tokens of each class cost per model, by the price table of this version and the prices in the configuration, and the models in the ledger that have no price. Prices begin and end with UTC days.'

const AFTER = `
A list called "fast" is for fast mode, one called "> 200k" for every token of a request whose prompt is longer.
Prices of your own stand under pricing.overrides; from their day on they replace the table for that model.

Examples:
  claude-usage-exporter prices
  claude-usage-exporter prices --model claude-sonnet-4-5 --all   what it cost and will cost
  claude-usage-exporter prices --at 2026-01-01 --json`

/** Adds `prices`. */
export function addPrices(program: Command, io: Io, helpGroup: string): void {
  program
    .command('prices')
    .helpGroup(helpGroup)
    .summary('what tokens cost, per model, and what has no price')
    .description(DESCRIPTION)
    .addOption(
      new Option('--at <day>', 'Prices in force on this UTC day (2026-05-04); today unless given.').argParser(parseDay),
    )
    .option('--model <id>', 'Only this model; an id as logs spell it, or an alias.')
    .option('--all', 'With prices that are over, and prices to come.')
    .option('--json', 'Print JSON (schemaVersion 1).')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runPrices } = await import('./run.ts')
      await runPrices(io, command)
    })
}

function parseDay(text: string): number {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseInstant(text, 'UTC') : null
  if (instant === null) throw new InvalidArgumentError('Give a UTC day such as 2026-05-04.')
  return instant
}
