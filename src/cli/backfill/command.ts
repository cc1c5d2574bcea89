import { type Command, InvalidArgumentError, Option } from 'commander'
import { MINUTE_MS } from '../../core/time.ts'
import { SLOT_MS } from '../../ledger/ledger.ts'
import { parseDuration } from '../../lib/duration.ts'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

/** The options of `backfill`, as parsed. */
export interface BackfillCommandOptions {
  readonly output: string
  readonly since?: string
  readonly until?: string
  /** Milliseconds. */
  readonly step: number
  readonly job: string
  readonly instance?: string
  readonly splitDays?: number
  readonly force?: boolean
  readonly sync: boolean
}

const DESCRIPTION =
  'Writes the past that the ledger knows as OpenMetrics, for promtool to make blocks of: all counters of use and cost, budgets, and what organisations tell, with the job and instance that Prometheus gives this exporter. The counters end where the live ones go on. Windows and forecasts of then, and the health of the exporter, are not in it. Beside a running exporter it writes what that has read; without one it reads the logs first.'

const AFTER = `
Every value is written again at each step. Prometheus takes a value to hold for 5 minutes, so that with larger steps
than 5m panels show gaps; increase() over an hour and more is right with any. Steps larger than 15m are refused: the
first use of a new series, and what a budget did in between, would be lost.

Without --until the history ends 4 hours ago, because the hours before now belong to the Prometheus that runs.
--until now is for a Prometheus that does not scrape the exporter yet. Let it begin then; one that runs gets the blocks
4 hours later. For one that scrapes already, end an hour or more before its first scrape.

Examples:
  claude-usage-exporter backfill --output history.om
  claude-usage-exporter backfill --output history.om --since 2026-01-01 --split-days 30
  claude-usage-exporter backfill --output - --step 15m | gzip > history.om.gz

Then, with a retention that reaches back as far (--storage.tsdb.retention.time=400d), for each file:
  promtool tsdb create-blocks-from openmetrics \\
      --max-block-duration=162h history.om PROMETHEUS_DATA_FOLDER`

/**
 * Adds `backfill`.
 *
 * @param finish takes the exit code
 */
export function addBackfill(program: Command, io: Io, helpGroup: string, finish: (exitCode: number) => void): void {
  program
    .command('backfill')
    .helpGroup(helpGroup)
    .summary('write the past for Prometheus')
    .description(DESCRIPTION)
    .requiredOption('--output <file>', 'File to write; - is standard output.')
    .option('--since <day>', 'Begin: a day (2026-05-04) or time (2026-05-04T09:30); the first use unless given.')
    .option('--until <when>', 'End: a day, which is included, a time, or now; 4 hours ago unless given.')
    .addOption(
      new Option('--step <duration>', 'Time between two points: 1m, 3m, 5m or 15m.')
        .argParser(parseStep)
        .default(5 * MINUTE_MS, '5m'),
    )
    .addOption(
      new Option('--job <name>', 'The job label of the live target.')
        .argParser(labelParser('Give the name of the scrape job.'))
        .default('claude-usage-exporter'),
    )
    .addOption(
      new Option(
        '--instance <host:port>',
        'The instance label of the live target; 127.0.0.1 and the port of web.listen_address unless given.',
      ).argParser(labelParser('Give the address that Prometheus scrapes, such as 127.0.0.1:10061.')),
    )
    .addOption(
      new Option(
        '--split-days <n>',
        'A file per N UTC days, with -YYYY-MM-DD before its ending: promtool reads a file once per block.',
      ).argParser(parseSplitDays),
    )
    .option('--force', 'Replace files that are there already.')
    .option('--no-sync', 'Write what the ledger holds without reading the logs first.')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runBackfill } = await import('./run.ts')
      finish(await runBackfill(io, command))
    })
}

function parseStep(text: string): number {
  const ms = parseDuration(text)
  if (ms === null || ms < MINUTE_MS || ms % MINUTE_MS !== 0 || SLOT_MS % ms !== 0) {
    throw new InvalidArgumentError('Give minutes that divide a quarter of an hour: 1m, 3m, 5m or 15m.')
  }
  return ms
}

function parseSplitDays(text: string): number {
  const days = Number(text)
  if (!/^\d{1,5}$/.test(text) || days < 1) throw new InvalidArgumentError('Give a number of days from 1 on.')
  return days
}

function labelParser(hint: string): (text: string) => string {
  return (text) => {
    // A label without a value is no label.
    if (text.trim() === '') throw new InvalidArgumentError(hint)
    return text
  }
}
