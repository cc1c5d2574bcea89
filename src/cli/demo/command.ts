import type { Command } from 'commander'
import { helpBelow } from '../help.ts'
import type { Io } from '../io.ts'

const DESCRIPTION =
  'Runs the exporter on a machine and an organisation that do not exist: made-up logs of several agents, projects and models over the past weeks, which go on being written, and reports of what was billed. It needs no key and no logs, reads none of yours, and removes everything it wrote when it is stopped, but for a ledger in a folder of your own (--storage.path). A few minutes after the start an agent runs away.'

const AFTER = `
Examples:
  claude-usage-exporter demo                                     on http://127.0.0.1:10061/metrics
  claude-usage-exporter demo --web.listen-address 127.0.0.1:9999
  claude-usage-exporter demo --storage.path ./demo-ledger        keeps its ledger for the next time`

const MAX_DAYS = 400

/** Adds `demo`. */
export function addDemo(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command('demo')
    .summary('run the exporter on made-up logs and an organisation')
    .description(DESCRIPTION)
    .option('--days <n>', `Days of history, 1 to ${MAX_DAYS}.`, wholeDays, 75)
    .addHelpText('after', helpBelow(AFTER))
    .action(async (_options, command: Command) => {
      const { runDemo } = await import('./run.ts')
      finish(await runDemo(io, command))
    })

  function wholeDays(text: string): number {
    const days = /^\d{1,3}$/.test(text) ? Number(text) : 0
    if (days >= 1 && days <= MAX_DAYS) return days
    return program.error(`error: --days must be a whole number from 1 to ${MAX_DAYS}, not '${text}'`)
  }
}
