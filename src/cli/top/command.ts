import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../../lib/duration.ts'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

export const TOP_GROUPINGS = ['project', 'agent', 'session', 'model'] as const
export type TopGrouping = (typeof TOP_GROUPINGS)[number]

/** The options of `top`, as parsed. */
export interface TopOptions {
  readonly by: TopGrouping
  /** Milliseconds. */
  readonly interval: number
  readonly once?: boolean
}

const MIN_INTERVAL_MS = 500

const DESCRIPTION =
  'Shows what is being used now: tokens a minute and cost an hour of the last five minutes, per project, agent, session or model, with what each cost today. It reads the ledger that a running exporter keeps up to date, and changes nothing. Where output is no terminal it prints once.'

const AFTER = `
Keys: p projects, a agents, s sessions, m models, q (or Ctrl-C) ends.

Examples:
  claude-usage-exporter top                              what is being spent now, by project
  claude-usage-exporter top --by session --interval 5s
  claude-usage-exporter top --by agent --once            print once and exit`

/**
 * Adds `top`.
 *
 * @param finish takes the exit code
 */
export function addTop(program: Command, io: Io, helpGroup: string, finish: (exitCode: number) => void): void {
  program
    .command('top')
    .helpGroup(helpGroup)
    .summary('live view of what is being used now')
    .description(DESCRIPTION)
    .addOption(
      new Option('--by <what>', 'What a row is.').choices(TOP_GROUPINGS).default('project' satisfies TopGrouping),
    )
    .addOption(
      new Option('--interval <duration>', 'Time between two looks.').argParser(parseInterval).default(2_000, '2s'),
    )
    .option('--once', 'Print once and exit.')
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runTop } = await import('./run.ts')
      finish(await runTop(io, command))
    })
}

function parseInterval(text: string): number {
  const ms = parseDuration(text)
  if (ms === null || ms < MIN_INTERVAL_MS) throw new InvalidArgumentError('Give a time from 500ms on, such as 2s.')
  return ms
}
